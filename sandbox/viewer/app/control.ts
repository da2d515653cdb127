/** The page's way to the world: the same typed control API the tests use, and its stream of changes. */
import { useCallback, useEffect, useRef, useState } from "react";
import { Control } from "../../client/control.js";
import { RequestRecord, WorldEvent } from "../../contract/log.js";
import type { WireUser } from "../../contract/wire.js";

export const control = new Control(`${location.origin}/_sandbox`);

type Listener = (event: WorldEvent) => void;
const worldListeners = new Set<Listener>();
const requestListeners = new Set<(record: RequestRecord) => void>();
/** Called when the stream is (again) there: what happened meanwhile was not heard. */
const reopened = new Set<() => void>();

const source = new EventSource("/_sandbox/stream");
source.addEventListener("open", () => reopened.forEach((listener) => listener()));
source.addEventListener("world", ({ data }: MessageEvent<string>) => {
  const event = WorldEvent.parse(JSON.parse(data));
  worldListeners.forEach((listener) => listener(event));
});
source.addEventListener("request", ({ data }: MessageEvent<string>) => {
  const record = RequestRecord.parse(JSON.parse(data));
  requestListeners.forEach((listener) => listener(record));
});

function useSubscription<Value>(
  listeners: Set<(value: Value) => void>,
  listener: (value: Value) => void,
): void {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => {
    const call = (value: Value): void => latest.current(value);
    listeners.add(call);
    return () => void listeners.delete(call);
  }, [listeners]);
}

export const useWorldEvents = (listener: Listener): void => useSubscription(worldListeners, listener);
export const useRequests = (listener: (record: RequestRecord) => void): void =>
  useSubscription(requestListeners, listener);

/** What the world said last, asked again (once, however many events come) when `concerns` says so. */
export function useFresh<Value>(
  ask: () => Promise<Value>,
  key: string,
  concerns: (event: WorldEvent) => boolean,
): { readonly value: Value | undefined; readonly error: string | undefined; readonly refresh: () => void } {
  const [state, setState] = useState<{ key: string; value?: Value; error?: string }>({ key });
  const latest = useRef({ ask, key });
  latest.current = { ask, key };
  const asking = useRef({ running: false, again: false });

  const refresh = useCallback((): void => {
    const turn = asking.current;
    if (turn.running) {
      turn.again = true;
      return;
    }
    turn.running = true;
    const { ask: now, key: of } = latest.current;
    void now()
      .then(
        (value) => setState({ key: of, value }),
        (error: unknown) =>
          setState({ key: of, error: error instanceof Error ? error.message : String(error) }),
      )
      .finally(() => {
        turn.running = false;
        if (turn.again) {
          turn.again = false;
          refresh();
        }
      });
  }, []);

  useEffect(refresh, [key, refresh]);
  useEffect(() => {
    reopened.add(refresh);
    return () => void reopened.delete(refresh);
  }, [refresh]);
  useWorldEvents((event) => {
    if (concerns(event)) refresh();
  });
  const current = state.key === key ? state : undefined;
  return { value: current?.value, error: current?.error, refresh };
}

export const nameOf = (author: Pick<WireUser, "global_name" | "username">): string =>
  author.global_name ?? author.username;

export const cssColor = (color: number): string => `#${color.toString(16).padStart(6, "0")}`;
