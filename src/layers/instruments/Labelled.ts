import { Metric } from "effect";

/** More combinations than this are one: a label that grew without bound must not grow the memory with it. */
const MOST = 500;

type Values<Names extends ReadonlyArray<string>> = { readonly [K in keyof Names]: string };

/**
 * A metric with labels, as a function that updates it. Each combination is looked up in the registry once: Effect's own
 * look-up hashes every label again on each update, which takes 3 µs instead of 0.1.
 */
export const labelled = <Type, In, Out, const Names extends ReadonlyArray<string>>(
  metric: Metric.Metric<Type, In, Out>,
  names: Names,
) => {
  const known = new Map<string, Metric.Metric<Type, In, Out>>();
  const look = (key: string, values: Values<Names>) => {
    const more = known.size < MOST ? values : values.map(() => "other");
    const tagged = names.reduce<Metric.Metric<Type, In, Out>>(
      (built, name, index) => Metric.tagged(built, name, more[index] ?? ""),
      metric,
    );
    if (known.size < MOST) known.set(key, tagged);
    return tagged;
  };
  return (value: In, ...values: Values<Names>): void => {
    const key = values.join("\u0000");
    (known.get(key) ?? look(key, values)).unsafeUpdate(value, []);
  };
};
