import { Either, Option, Redacted, Schema } from "effect";

/**
 * Reads the text of one variable. A parser never puts the text of a secret, or text long enough to be one that was
 * pasted into the wrong line, into its words.
 */
export interface Parser<A> {
  /** What a right value looks like; completes the sentence 'expected …'. */
  readonly expected: string;
  /** The value, or what is wrong with the text. */
  readonly parse: (text: string) => Either.Either<A, string>;
}

const make = <A>(expected: string, parse: Parser<A>["parse"]): Parser<A> => ({ expected, parse });

const ECHO_LIMIT = 12;

const isQuoted = (text: string): boolean => /^(["']).*\1$/s.test(text);

/** Shows a short value, describes a long one. */
const describe = (text: string): string => {
  if (isQuoted(text)) return "has quotes around it";
  if (text.length <= ECHO_LIMIT && /^[\x20-\x7e]+$/.test(text)) return `is '${text}'`;
  return `is not understood (${text.length} characters)`;
};

export const text = (expected: string): Parser<string> =>
  make(expected, (input) =>
    /\p{Cc}/u.test(input)
      ? Either.left("contains a line break or another control character")
      : Either.right(input),
  );

/** A secret that is one word: a token or a key, never a sentence. */
export const secretWord = (expected: string, placeholder?: string): Parser<Redacted.Redacted> =>
  make(expected, (input) => {
    if (input === placeholder) return Either.left("is still the value of .env.example");
    if (isQuoted(input)) return Either.left("has quotes around it");
    if (/\s/.test(input)) return Either.left("contains a space or a line break");
    return /\p{Cc}/u.test(input)
      ? Either.left("contains a control character")
      : Either.right(Redacted.make(input));
  });

export const secretText = (expected: string): Parser<Redacted.Redacted> => {
  const plain = text(expected);
  return make(expected, (input) => Either.map(plain.parse(input), (value) => Redacted.make(value)));
};

export const oneOf = <const Values extends ReadonlyArray<string>>(
  ...values: Values
): Parser<Values[number]> =>
  make(`one of ${values.join(", ")}`, (input) =>
    Option.match(Option.fromNullable(values.find((value) => value === input.toLowerCase())), {
      onNone: () => Either.left(describe(input)),
      onSome: (value) => Either.right(value),
    }),
  );

/** 1 and 0, as the customer's document writes them, and the words people use for the same. */
export const flag: Parser<boolean> = make("1 (yes) or 0 (no)", (input) => {
  switch (input.toLowerCase()) {
    case "1":
    case "true":
    case "yes":
    case "on":
      return Either.right(true);
    case "0":
    case "false":
    case "no":
    case "off":
      return Either.right(false);
    default:
      return Either.left(describe(input));
  }
});

const within = (input: string, value: number, min: number, max: number): Either.Either<number, string> => {
  if (value < min) return Either.left(`${describe(input)}, below ${min}`);
  return value > max ? Either.left(`${describe(input)}, above ${max}`) : Either.right(value);
};

export const wholeNumber = (min: number, max: number, unit = ""): Parser<number> =>
  make(`a whole number from ${min} to ${max}${unit}`, (input) =>
    /^[+-]?\d+$/.test(input) ? within(input, Number(input), min, max) : Either.left(describe(input)),
  );

export const fraction = (min: number, max: number): Parser<number> =>
  make(`a number from ${min.toFixed(1)} to ${max.toFixed(1)}`, (input) =>
    /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(input)
      ? within(input, Number(input), min, max)
      : Either.left(describe(input)),
  );

/** A Discord id of the given brand. */
export const discordId = <A>(what: string, schema: Schema.Schema<A, string>): Parser<A> => {
  const decode = Schema.decodeEither(schema);
  return make(`${what} of 17 to 20 digits`, (input) => Either.mapLeft(decode(input), () => describe(input)));
};

/** Entries between commas. Empty entries are skipped, doubles removed, and every bad entry is named by its place. */
export const list = <A>(expected: string, entry: Parser<A>): Parser<ReadonlyArray<A>> =>
  make(expected, (input) => {
    if (isQuoted(input)) return Either.left("has quotes around it");
    const texts = input
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "");
    const values = new Map<string, A>();
    const wrong: Array<string> = [];
    texts.forEach((part, index) => {
      Either.match(entry.parse(part), {
        onLeft: (problem) => wrong.push(`entry ${index + 1} ${problem}`),
        onRight: (value) => values.set(part, value),
      });
    });
    if (wrong.length > 0) return Either.left(wrong.join(", "));
    return values.size === 0 ? Either.left("holds only commas") : Either.right([...values.values()]);
  });

const HAS_CREDENTIALS = "has a user name or password in it";

const parseUrl = (input: string): Either.Either<URL, string> => {
  if (isQuoted(input)) return Either.left("has quotes around it");
  const parsed = URL.canParse(input) ? new URL(input) : undefined;
  if (parsed === undefined) return Either.left("is not a URL");
  return parsed.protocol === "https:" || parsed.protocol === "http:"
    ? Either.right(parsed)
    : Either.left("is a URL of another kind");
};

/** Whether a URL stays on this machine, where plain http gives nothing away. */
export const isLoopback = (url: string): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\]|.*\.localhost)$/.test(new URL(url).hostname);

export const isHttps = (url: string): boolean => new URL(url).protocol === "https:";

export const url = (expected: string): Parser<string> =>
  make(expected, (input) =>
    Either.flatMap(parseUrl(input), (parsed) => {
      if (parsed.username !== "" || parsed.password !== "") return Either.left(HAS_CREDENTIALS);
      return parsed.hash === "" ? Either.right(parsed.href) : Either.left("ends in a '#…' part");
    }),
  );

/** A URL that paths are appended to: no query, and no slash at its end. */
export const baseUrl = (expected: string): Parser<string> =>
  make(expected, (input) =>
    Either.flatMap(parseUrl(input), (parsed) => {
      if (parsed.search !== "" || parsed.hash !== "") return Either.left("has a query or a '#…' part");
      return parsed.username !== "" || parsed.password !== ""
        ? Either.left(HAS_CREDENTIALS)
        : Either.right(parsed.href.replace(/\/+$/, ""));
    }),
  );

export const origin = (expected: string): Parser<string> =>
  make(expected, (input) => {
    if (input === "*") return Either.left("is '*', which browsers refuse together with cookies");
    return Either.flatMap(parseUrl(input), (parsed) =>
      parsed.pathname === "/" && parsed.search === "" && parsed.hash === "" && parsed.username === ""
        ? Either.right(parsed.origin)
        : Either.left("has more than scheme, host and port"),
    );
  });

export const secretUrl = (expected: string): Parser<Redacted.Redacted> =>
  make(expected, (input) => Either.map(parseUrl(input), (parsed) => Redacted.make(parsed.href)));

export const filePath = (expected: string): Parser<string> =>
  make(expected, (input) => {
    if (isQuoted(input)) return Either.left("has quotes around it");
    if (/\p{Cc}/u.test(input)) return Either.left("contains a line break or another control character");
    return /[/\\]$/.test(input) ? Either.left("ends in a slash, like a directory") : Either.right(input);
  });

export const directory = (expected: string): Parser<string> =>
  make(expected, (input) => {
    if (isQuoted(input)) return Either.left("has quotes around it");
    return /\p{Cc}/u.test(input)
      ? Either.left("contains a line break or another control character")
      : Either.right(input);
  });

/** The name of a process or a stage: letters, digits and a little punctuation. */
export const label = (expected: string): Parser<string> =>
  make(expected, (input) =>
    /^[\w.@-]{1,64}$/.test(input) ? Either.right(input) : Either.left(describe(input)),
  );
