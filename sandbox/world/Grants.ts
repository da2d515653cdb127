import { createHash } from "node:crypto";
import type { World } from "./World.js";

const CODE_MS = 10 * 60_000;
const TOKEN_MS = 7 * 86_400_000;

interface Code {
  readonly userId: string;
  readonly scopes: readonly string[];
  readonly redirectUri: string;
  /** The S256 challenge, when the authorization asked for PKCE. */
  readonly challenge: string | null;
  readonly expiresAt: number;
}

/** What a person allowed the application. */
export interface Grant {
  readonly userId: string;
  readonly scopes: readonly string[];
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAt: number;
}

/** What is wrong with a request for tokens, in OAuth2's words: which field. */
export type Flaw = "code" | "redirect_uri" | "code_verifier";

/** Codes and tokens of people who signed in through OAuth2. */
export class Grants {
  private readonly codes = new Map<string, Code>();
  /** The scopes each person has agreed to before, which `prompt=none` does not ask for again. */
  private readonly agreed = new Map<string, Set<string>>();
  private readonly byAccess = new Map<string, Grant>();
  private readonly byRefresh = new Map<string, Grant>();
  private made = 0;

  constructor(private readonly world: World) {}

  authorize(code: Omit<Code, "expiresAt">): string {
    const name = this.secret("code");
    const now = this.world.now();
    for (const [old, { expiresAt }] of this.codes) if (expiresAt < now) this.codes.delete(old);
    this.codes.set(name, { ...code, expiresAt: now + CODE_MS });
    const agreed = this.agreed.get(code.userId) ?? new Set();
    this.agreed.set(code.userId, new Set([...agreed, ...code.scopes]));
    return name;
  }

  /** Whether this person has agreed to all of these scopes, and not taken that back. */
  hasAgreed(userId: string, scopes: readonly string[]): boolean {
    const agreed = this.agreed.get(userId);
    return agreed !== undefined && scopes.every((scope) => agreed.has(scope));
  }

  /** A code counts once, for its redirect address and with its verifier. */
  redeem(name: string, redirectUri: string, verifier: string | undefined): Grant | Flaw {
    const code = this.codes.get(name);
    this.codes.delete(name);
    if (code === undefined || code.expiresAt < this.world.now()) return "code";
    if (code.redirectUri !== redirectUri) return "redirect_uri";
    const proof = createHash("sha256")
      .update(verifier ?? "")
      .digest("base64url");
    if (code.challenge !== null && code.challenge !== proof) return "code_verifier";
    return this.grant(code.userId, code.scopes);
  }

  refresh(token: string): Grant | undefined {
    const old = this.byRefresh.get(token);
    if (old === undefined) return undefined;
    this.forget(old);
    return this.grant(old.userId, old.scopes);
  }

  /** With any of its tokens a person's authorization ends, and all of its tokens with it. */
  revoke(token: string): void {
    const revoked = this.byAccess.get(token) ?? this.byRefresh.get(token);
    if (revoked === undefined) return;
    this.agreed.delete(revoked.userId);
    for (const grant of [...this.byRefresh.values()]) if (grant.userId === revoked.userId) this.forget(grant);
  }

  /** What this access token allows, while it is good. */
  find(token: string): Grant | undefined {
    const grant = this.byAccess.get(token);
    return grant === undefined || grant.expiresAt < this.world.now() ? undefined : grant;
  }

  clear(): void {
    this.codes.clear();
    this.agreed.clear();
    this.byAccess.clear();
    this.byRefresh.clear();
  }

  private grant(userId: string, scopes: readonly string[]): Grant {
    const grant: Grant = {
      userId,
      scopes,
      accessToken: this.secret("access"),
      refreshToken: this.secret("refresh"),
      expiresAt: this.world.now() + TOKEN_MS,
    };
    this.byAccess.set(grant.accessToken, grant);
    this.byRefresh.set(grant.refreshToken, grant);
    return grant;
  }

  private forget(grant: Grant): void {
    this.byAccess.delete(grant.accessToken);
    this.byRefresh.delete(grant.refreshToken);
  }

  /** As long as Discord's, and the same in every run. */
  private secret(kind: string): string {
    return createHash("sha256")
      .update(`${kind}:${this.world.application.id}:${++this.made}`)
      .digest("base64url")
      .slice(0, 30);
  }
}
