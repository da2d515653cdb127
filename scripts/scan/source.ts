import ts from "typescript";
import type { Finding, SourceFile } from "./Finding.js";

const isProcess = (node: ts.Node): boolean => ts.isIdentifier(node) && node.text === "process";

/** `process.env`, also as `process["env"]` and `globalThis.process.env`. */
const accessed = (node: ts.Node): { readonly object: ts.Expression; readonly name: string } | undefined => {
  if (ts.isPropertyAccessExpression(node)) return { object: node.expression, name: node.name.text };
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return { object: node.expression, name: node.argumentExpression.text };
  }
  return undefined;
};

const ofProcess = (object: ts.Expression): boolean =>
  isProcess(object) || accessed(object)?.name === "process";

/** Whether `const { name } = process`, or `import { name } from "node:process"`. */
const taken = (node: ts.Node, name: string): boolean => {
  if (ts.isBindingElement(node)) {
    const declaration = node.parent.parent;
    return (
      ts.isVariableDeclaration(declaration) &&
      declaration.initializer !== undefined &&
      ofProcess(declaration.initializer) &&
      (node.propertyName ?? node.name).getText() === name
    );
  }
  return (
    ts.isImportSpecifier(node) &&
    ts.isStringLiteral(node.parent.parent.parent.moduleSpecifier) &&
    /^(node:)?process$/.test(node.parent.parent.parent.moduleSpecifier.text) &&
    (node.propertyName ?? node.name).text === name
  );
};

const problemOf = (node: ts.Node, file: string): Pick<Finding, "rule" | "message"> | undefined => {
  const access = accessed(node);
  const mayReadEnvironment = /^src\/layers\/(Config\.ts$|config\/)/.test(file);
  // Scripts answer the person who runs them; the log itself, and the reason of an end, have to be written somewhere.
  const mayPrint = /^src\/(programs\/cli\/|layers\/Telemetry\.ts$|layers\/telemetry\/)/.test(file);
  if (!mayReadEnvironment && ((access?.name === "env" && ofProcess(access.object)) || taken(node, "env"))) {
    return { rule: "environment", message: "the environment is read in src/layers/Config.ts alone" };
  }
  if (mayPrint) return undefined;
  if (access !== undefined && ts.isIdentifier(access.object) && /^[cC]onsole$/.test(access.object.text)) {
    return {
      rule: "printing",
      message: `${access.object.text}.${access.name}: what the bot says goes through its log`,
    };
  }
  if (
    (access?.name === "stdout" || access?.name === "stderr") &&
    ofProcess(access.object) &&
    accessed(node.parent)?.name === "write"
  ) {
    return { rule: "printing", message: `process.${access.name}: what the bot says goes through its log` };
  }
  return undefined;
};

/** Reads of the environment and prints, where the bot may not. */
export const scanSource = ({ file, text }: SourceFile): ReadonlyArray<Finding> => {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Array<Finding> = [];
  const visit = (node: ts.Node): void => {
    const problem = problemOf(node, file);
    if (problem !== undefined) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      found.push({ file, line: line + 1, ...problem });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};
