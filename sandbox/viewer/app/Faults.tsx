import type { Args, Method } from "../../contract/methods.js";
import { control, useFresh } from "./control.js";
import { useHere } from "./world.js";

const HOUR = 3_600_000;

/** How pictures and files can come. The first is the usual way. */
const CDN = [
  { name: "as they should", fault: { delayMs: 0, status: 200 } },
  { name: "4 s late", fault: { delayMs: 4_000, status: 200 } },
  { name: "not at all", fault: { delayMs: 0, status: 503 } },
] as const;
const VISION = [
  { name: "answers", fault: { delayMs: 0, status: 200 } },
  { name: "answers after 4 s", fault: { delayMs: 4_000, status: 200 } },
  { name: "is out", fault: { delayMs: 0, status: 503 } },
] as const;

const nameOf = (
  ways: readonly {
    readonly name: string;
    readonly fault: { readonly delayMs: number; readonly status: number };
  }[],
  now: { readonly delayMs: number; readonly status: number } | undefined,
): string =>
  ways.find(({ fault }) => fault.delayMs === now?.delayMs && fault.status === now.status)?.name ??
  ways[0]?.name ??
  "";

/** Switches for what goes wrong on a bad day. */
export function Faults() {
  const { me, say } = useHere();
  const conditions = useFresh(
    () => control.call("conditions", {}),
    "conditions",
    () => false,
  );
  const latency = conditions.value?.latencyMs ?? 0;
  const cdnNow = nameOf(CDN, conditions.value?.cdn);
  const visionNow = nameOf(VISION, conditions.value?.vision);
  const stats = useFresh(
    () => control.call("stats", {}),
    "stats",
    ({ event }) => event.startsWith("interaction_"),
  );
  const run = <M extends Method>(method: M, args: Args<M>, done: string): void =>
    void control
      .call(method, args)
      .then(
        () => say(done),
        (error: unknown) => say(error instanceof Error ? error.message : String(error)),
      )
      .finally(conditions.refresh);
  const next = (what: string, effect: Args<"addFault">["effect"], count = 1) => (
    <button
      type="button"
      className="button secondary"
      onClick={() => run("addFault", { count, effect }, `From now: ${what}.`)}
    >
      {what}
    </button>
  );
  return (
    <div className="faults">
      <label>
        Discord takes {latency} ms a request
        <input
          type="range"
          min={0}
          max={2000}
          step={50}
          value={latency}
          onChange={({ target }) =>
            void control.call("setLatency", { ms: Number(target.value) }).finally(conditions.refresh)
          }
        />
      </label>
      <label className="switch">
        <input
          type="checkbox"
          checked={conditions.value?.rateLimits === "discord"}
          onChange={({ target }) =>
            run("setRateLimits", { profile: target.checked ? "discord" : "off" }, "The limits are changed.")
          }
        />
        Discord's rate limits
      </label>
      <label>
        Outage
        <select
          value={conditions.value?.outage ?? "none"}
          onChange={({ target }) => {
            const kind = target.value === "status503" || target.value === "drop" ? target.value : "none";
            run("setOutage", { kind }, kind === "none" ? "Discord is back." : "Discord is out.");
          }}
        >
          <option value="none">none</option>
          <option value="status503">every request is answered 503</option>
          <option value="drop">every connection breaks</option>
        </select>
      </label>
      <label>
        Pictures and files
        <select
          value={cdnNow}
          onChange={({ target }) => {
            const cdn = CDN.find(({ name }) => name === target.value);
            if (cdn !== undefined) run("setCdn", cdn.fault, `Pictures and files: ${cdn.name}.`);
          }}
        >
          {CDN.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label>
        Google Vision
        <select
          value={visionNow}
          onChange={({ target }) => {
            const vision = VISION.find(({ name }) => name === target.value);
            if (vision !== undefined) run("setVision", vision.fault, `Google Vision: ${vision.name}.`);
          }}
        >
          {VISION.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label className="switch">
        <input
          type="checkbox"
          checked={conditions.value?.gateway.acknowledgeHeartbeats === false}
          onChange={({ target }) =>
            run(
              "setGateway",
              { acknowledgeHeartbeats: !target.checked },
              target.checked ? "Heartbeats stay without an answer." : "Heartbeats are answered.",
            )
          }
        />
        Heartbeats stay without an answer
      </label>
      <h3>Once</h3>
      <div className="row">
        {next("the next request fails with 500", { kind: "status", status: 500 })}
        {next("the next request's connection breaks", { kind: "drop" })}
        <button
          type="button"
          className="button secondary"
          onClick={() =>
            run(
              "addFault",
              {
                route: "/channels/:channel/messages",
                method: "POST",
                count: 5,
                effect: { kind: "status", status: 502 },
              },
              "The next five messages of the bot are refused.",
            )
          }
        >
          the next five messages are refused with 502
        </button>
        {next("the next request is rate-limited for 3 s", { kind: "rateLimit", retryAfterMs: 3_000 })}
        {next("the next request takes 4 s", { kind: "delay", ms: 4_000 })}
        <button
          type="button"
          className="button secondary"
          onClick={() => run("deliverTwice", { count: 1 }, "The next interaction reaches the bot twice.")}
        >
          the next interaction comes twice
        </button>
        <button
          type="button"
          className="button secondary"
          onClick={() => run("clearFaults", {}, "Nothing goes wrong any more.")}
        >
          forget these
        </button>
      </div>
      <h3>Gateway</h3>
      <div className="row">
        <button
          type="button"
          className="button secondary"
          onClick={() => run("dropGateway", {}, "The bot's connection is cut.")}
        >
          cut the connection
        </button>
        <button
          type="button"
          className="button secondary"
          onClick={() => run("requestReconnect", {}, "The bot is asked to reconnect.")}
        >
          ask for a reconnect
        </button>
        <button
          type="button"
          className="button secondary"
          onClick={() => run("invalidateSessions", { resumable: false }, "The session is invalid.")}
        >
          invalidate the session
        </button>
      </div>
      <h3>{me.user.globalName ?? me.user.username}</h3>
      <div className="row">
        <button
          type="button"
          className="button secondary"
          onClick={() =>
            run(
              "updateUser",
              { userId: me.user.id, dmsClosed: !me.user.dmsClosed },
              me.user.dmsClosed ? "Takes direct messages." : "Takes no direct messages.",
            )
          }
        >
          {me.user.dmsClosed ? "take direct messages again" : "take no direct messages"}
        </button>
        {me.guilds.map(({ id, name }) => (
          <button
            key={id}
            type="button"
            className="button secondary"
            onClick={() => run("removeMember", { guildId: id, userId: me.user.id }, `Left ${name}.`)}
          >
            leave {name}
          </button>
        ))}
        <button
          type="button"
          className="button secondary"
          onClick={() => run("advance", { ms: HOUR }, "Discord's clock moved on by an hour.")}
        >
          Discord's clock: one hour on
        </button>
      </div>
      {stats.value !== undefined && (
        <p className="quiet">
          {stats.value.requests} requests, {stats.value.refused} refused, {stats.value.rateLimited}{" "}
          rate-limited, {stats.value.interactions} interactions, {stats.value.failedInteractions} failed,{" "}
          {stats.value.violations} things Discord does not know
        </p>
      )}
    </div>
  );
}
