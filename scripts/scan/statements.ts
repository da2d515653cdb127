import ts from "typescript";
import type { SourceFile } from "./Finding.js";

/** One `sql` template of the source, as text that SQLite may be asked about. */
export interface Statement {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const isSqlTag = (tag: ts.Expression): boolean =>
  ts.isIdentifier(tag) && (tag.text === "sql" || tag.text.endsWith("Sql"));

/** The columns of `{ guildId, createdAt: now }`. */
const columnsOf = (node: ts.Expression | undefined): ReadonlyArray<string> | undefined => {
  if (node === undefined || !ts.isObjectLiteralExpression(node)) return undefined;
  const names = node.properties.map(({ name }) => (name === undefined ? undefined : name.getText()));
  return names.every((name) => name !== undefined) ? names.map(snake) : undefined;
};

/** Fragments that a file gives a name: `` const open = sql`status = 'open'` ``. */
const fragmentsOf = (source: ts.SourceFile): ReadonlyMap<string, ts.TemplateLiteral> => {
  const found = new Map<string, ts.TemplateLiteral>();
  const visit = (node: ts.Node): void => {
    if (
      ts.isVariableDeclaration(node) &&
      ts.isIdentifier(node.name) &&
      node.initializer !== undefined &&
      ts.isTaggedTemplateExpression(node.initializer) &&
      isSqlTag(node.initializer.tag)
    ) {
      found.set(node.name.text, node.initializer.template);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

/** Every `sql` template, with something of the right shape in the place of each value. */
export const statementsIn = ({ file, text }: SourceFile): ReadonlyArray<Statement> => {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const fragments = fragmentsOf(source);

  const valueOf = (node: ts.Expression, depth: number): string => {
    if (ts.isTaggedTemplateExpression(node) && isSqlTag(node.tag)) return textOf(node.template, depth + 1);
    if (ts.isIdentifier(node)) {
      const fragment = fragments.get(node.text);
      return fragment === undefined || depth > 4 ? "?" : textOf(fragment, depth + 1);
    }
    if (!ts.isCallExpression(node)) return "?";
    const [first, second] = node.arguments;
    const literal = first !== undefined && ts.isStringLiteralLike(first) ? first.text : undefined;
    if (isSqlTag(node.expression)) return literal === undefined ? "?" : `"${literal}"`;
    if (!ts.isPropertyAccessExpression(node.expression) || !isSqlTag(node.expression.expression)) return "?";
    switch (node.expression.name.text) {
      case "insert": {
        const columns = columnsOf(first);
        return columns === undefined
          ? "DEFAULT VALUES"
          : `(${columns.map((name) => `"${name}"`).join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;
      }
      case "update":
        return (
          columnsOf(first)
            ?.map((name) => `"${name}" = ?`)
            .join(", ") ?? "?"
        );
      case "in":
        return second === undefined ? "(?)" : `"${literal ?? "?"}" IN (?)`;
      case "and":
      case "or":
        return "1";
      case "literal":
      case "unsafe":
        return literal ?? "?";
      default:
        return "?";
    }
  };
  const textOf = (template: ts.TemplateLiteral, depth = 0): string =>
    ts.isNoSubstitutionTemplateLiteral(template)
      ? template.text
      : template.templateSpans.reduce(
          (sum, span) => sum + valueOf(span.expression, depth) + span.literal.text,
          template.head.text,
        );

  const found: Array<Statement> = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTaggedTemplateExpression(node) && isSqlTag(node.tag)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      found.push({ file, line: line + 1, text: textOf(node.template) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};
