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

/** Codes and tokens of people who signed in through OAuth2. */
export class Grants {
  private readonly codes = new Map<string, Code>();
  private readonly byAccess = new Map<string, Grant>();
  private readonly byRefresh = new Map<string, Grant>();
  private made = 0;

  constructor(private readonly world: World) {}

  authorize(code: Omit<Code, "expiresAt">): string {
    const name = this.secret("code");
    this.codes.set(name, { ...code, expiresAt: this.world.now() + CODE_MS });
    return name;
  }

  /** A code counts once, for its redirect address and with its verifier. */
  redeem(name: string, redirectUri: string, verifier: string | undefined): Grant | undefined {
    const code = this.codes.get(name);
    this.codes.delete(name);
    if (code === undefined || code.expiresAt < this.world.now() || code.redirectUri !== redirectUri)
      return undefined;
    const proof = createHash("sha256")
      .update(verifier ?? "")
      .digest("base64url");
    if (code.challenge !== null && code.challenge !== proof) return undefined;
    return this.grant(code.userId, code.scopes);
  }

  refresh(token: string): Grant | undefined {
    const old = this.byRefresh.get(token);
    if (old === undefined) return undefined;
    this.forget(old);
    return this.grant(old.userId, old.scopes);
  }

  /** With either of its tokens a grant ends. */
  revoke(token: string): void {
    const grant = this.byAccess.get(token) ?? this.byRefresh.get(token);
    if (grant !== undefined) this.forget(grant);
  }

  /** What this access token allows, while it is good. */
  find(token: string): Grant | undefined {
    const grant = this.byAccess.get(token);
    return grant === undefined || grant.expiresAt < this.world.now() ? undefined : grant;
  }

  clear(): void {
    this.codes.clear();
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
