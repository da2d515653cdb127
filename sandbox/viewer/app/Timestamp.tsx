import { useEffect, useState } from "react";

const UNITS = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

const relative = (seconds: number): string => {
  if (Math.abs(seconds) < 1) return "just now";
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return new Intl.RelativeTimeFormat("en").format(Math.round(seconds / size), unit);
};

const FORMATS: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};

/** Discord's `<t:…>`: in words, with the exact time on hover. */
export function Timestamp({ seconds, style }: { readonly seconds: number; readonly style: string }) {
  const [, setTick] = useState(0);
  useEffect(() => {
    if (style !== "R") return;
    const timer = setInterval(() => setTick((tick) => tick + 1), 10_000);
    return () => clearInterval(timer);
  }, [style]);
  const date = new Date(seconds * 1_000);
  if (Number.isNaN(date.getTime())) return null;
  const text =
    style === "R"
      ? relative(seconds - Date.now() / 1_000)
      : new Intl.DateTimeFormat("en", FORMATS[style] ?? FORMATS["f"]).format(date);
  return (
    <time className="time" dateTime={date.toISOString()} title={date.toLocaleString("en")}>
      {text}
    </time>
  );
}
