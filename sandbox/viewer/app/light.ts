import { useSyncExternalStore } from "react";

const light = matchMedia("(prefers-color-scheme: light)");

const watch = (changed: () => void): (() => void) => {
  light.addEventListener("change", changed);
  return () => light.removeEventListener("change", changed);
};

/** Whether the system asks for light colours; the drawn messages have to be told. */
export const useLight = (): boolean => useSyncExternalStore(watch, () => light.matches);
