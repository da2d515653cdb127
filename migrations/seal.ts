/**
 * Writes checksums.ts: what each migration was when it landed. The database remembers them, so that one which is changed
 * afterwards is found out before anything is migrated. Run it after adding a migration:  npm run migrations:seal
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const folder = new URL("./", import.meta.url);
const lines = readdirSync(folder)
  .filter((file) => /^\d{4}_.*\.ts$/.test(file))
  .sort()
  .map((file) => {
    const sum = createHash("sha256")
      .update(readFileSync(new URL(file, folder)))
      .digest("hex");
    return `  "${file.replace(/\.ts$/, "")}": "${sum}",`;
  });
writeFileSync(
  new URL("checksums.ts", folder),
  `/** What each migration was when it landed; written by \`npm run migrations:seal\`. */
export const checksums: Readonly<Record<string, string>> = {
${lines.join("\n")}
};
`,
);
