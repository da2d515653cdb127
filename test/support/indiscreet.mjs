/**
 * Loaded into a bot before itself, it makes the libraries below the bot put every secret into their own words: at once
 * for a start (`INDISCREET=start`), at the first SIGUSR2 in web requests, side effects and handlers, and at the second
 * where nobody catches it.
 */
import { Buffer } from "node:buffer";
import http from "node:http";
import { createRequire } from "node:module";

const secrets = (process.env["SECRET_VARIABLES"] ?? "").split(",").map((name) => process.env[name] ?? "");

const betrayal = () => {
  const forms = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret),
    Buffer.from(secret).toString("base64"),
    Buffer.from(secret).toString("base64url"),
  ]);
  const error = new Error(`boom of a test: ${forms.join(" ")}`, {
    cause: new Error(forms.join("\n")),
  });
  return Object.assign(error, { options: { headers: { authorization: `Bot ${secrets[0]}` } }, forms });
};

const fail = () => {
  throw betrayal();
};

if (process.env["INDISCREET"] === "start") {
  http.Server.prototype.listen = fail;
}

const Sqlite = createRequire(import.meta.url)("better-sqlite3");
const { prepare } = Sqlite.prototype;
let broken = false;
Sqlite.prototype.prepare = function (sql) {
  const statement = prepare.call(this, sql);
  if (!/\bblock\b|FROM action_log WHERE id = /.test(sql)) return statement;
  const { all } = statement;
  statement.all = (...values) => (broken ? fail() : all.apply(statement, values));
  return statement;
};

process.on("SIGUSR2", () => {
  if (broken) fail();
  broken = true;
  const { test } = RegExp.prototype;
  // What asks where a web request comes from.
  RegExp.prototype.test = function (text) {
    return this.source.startsWith("^(::1|") ? fail() : test.call(this, text);
  };
});
