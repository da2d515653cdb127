export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly rule: "environment" | "printing" | "dropped" | "schema" | "secret";
  readonly message: string;
}

export const written = ({ file, line, rule, message }: Finding): string =>
  `${file}:${line}  ${rule}: ${message}`;

/** A file of the project, its path as it is shown. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
}
