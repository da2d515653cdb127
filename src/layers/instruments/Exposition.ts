import { type MetricPair, MetricState, Option } from "effect";

type Sample = readonly [suffix: string, labels: ReadonlyArray<readonly [string, string]>, value: number];

interface Shown {
  readonly type: "counter" | "gauge" | "histogram";
  readonly samples: ReadonlyArray<Sample>;
}

const numberText = (value: number): string =>
  value === Infinity ? "+Inf" : value === -Infinity ? "-Inf" : String(value);

const shown = ({ metricKey, metricState: state }: MetricPair.MetricPair.Untyped): Option.Option<Shown> => {
  const labels = metricKey.tags.map(({ key, value }) => [key, value] as const);
  if (MetricState.isCounterState(state)) {
    return Option.some({ type: "counter", samples: [["", labels, Number(state.count)]] });
  }
  if (MetricState.isGaugeState(state)) {
    return Option.some({ type: "gauge", samples: [["", labels, Number(state.value)]] });
  }
  if (MetricState.isHistogramState(state)) {
    const buckets = state.buckets.filter(([bound]) => bound !== Infinity);
    return Option.some({
      type: "histogram",
      samples: [
        ...[...buckets, [Infinity, state.count] as const].map(([bound, count]): Sample => [
          "_bucket",
          [...labels, ["le", numberText(bound)]],
          count,
        ]),
        ["_sum", labels, state.sum],
        ["_count", labels, state.count],
      ],
    });
  }
  return Option.none();
};

const escapeHelp = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
const escapeLabel = (text: string): string => escapeHelp(text).replaceAll('"', '\\"');

const line = (name: string, [suffix, labels, value]: Sample): string => {
  const inBraces = labels.map(([key, text]) => `${key}="${escapeLabel(text)}"`).join(",");
  return `${name}${suffix}${inBraces === "" ? "" : `{${inBraces}}`} ${numberText(value)}`;
};

/** Prometheus' text format, version 0.0.4: the samples of one metric together, under its help and type. */
export const render = (metrics: ReadonlyArray<MetricPair.MetricPair.Untyped>): string => {
  const families = new Map<string, { readonly head: string; readonly lines: Array<string> }>();
  for (const metric of metrics) {
    const { name, description } = metric.metricKey;
    Option.map(shown(metric), ({ type, samples }) => {
      const help = escapeHelp(Option.getOrElse(description, () => name));
      const family = families.get(name) ?? {
        head: `# HELP ${name} ${help}\n# TYPE ${name} ${type}`,
        lines: [],
      };
      families.set(name, family);
      family.lines.push(...samples.map((sample) => line(name, sample)));
    });
  }
  return [...families.values()]
    .map(({ head, lines }) => `${head}\n${lines.join("\n")}\n`)
    .sort()
    .join("");
};
