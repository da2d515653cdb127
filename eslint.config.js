import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** Ways to leave Effect's runtime. They belong to the program's edge; everywhere else effects are returned. */
const runs = ["runPromise", "runPromiseExit", "runFork", "runSync", "runSyncExit", "runCallback"];
const noRuns = ["Effect", "Runtime", "ManagedRuntime"].flatMap((object) =>
  runs.map((property) => ({
    object,
    property,
    message: "Return the effect: it is run in src/main.ts, or by a fiber of src/layers/Discord.ts.",
  })),
);

const noEnvironment = {
  object: "process",
  property: "env",
  message: "The environment is read in src/layers/Config.ts; take AppConfig from the context.",
};

const noProcessImport = {
  name: "node:process",
  importNames: ["env", "default"],
  message: "The environment is read in src/layers/Config.ts; take AppConfig from the context.",
};

const noDiscordObjects = {
  name: "discord.js",
  importNames: ["Client", "REST", "WebhookClient", "WebSocketManager"],
  message: "discord.js clients and their objects stay in src/layers/Discord.ts.",
};

export default defineConfig([
  globalIgnores(["dist/", "coverage/", "data/", "node_modules/", "dashboard/dist/"]),
  js.configs.recommended,
  {
    files: ["**/*.{js,cjs,mjs}"],
    languageOptions: {
      globals: {
        process: "readonly",
        console: "readonly",
        module: "writable",
        URL: "readonly",
        __dirname: "readonly",
      },
    },
  },
  {
    files: ["**/*.{ts,tsx,mts}"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "no-console": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      // Numbers and ids in a sentence are what template strings are for.
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      // `() => doIt()` reads well; what it returns is nobody's concern.
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // Effect's tags and errors are classes without members of their own.
      "@typescript-eslint/no-extraneous-class": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      // A Schema.Class is spread to make its next value: `new Settings({ ...settings, change })`.
      "@typescript-eslint/no-misused-spread": "off",
      // `Deferred.make<void>()`: an effect that answers nothing answers void.
      "@typescript-eslint/no-invalid-void-type": "off",
      // A generator of Effect.gen may end without a yield while it is being written.
      "require-yield": "off",
    },
  },
  {
    files: ["src/**/*.ts", "migrations/**/*.ts"],
    rules: {
      "no-restricted-properties": ["error", noEnvironment, ...noRuns],
      "no-restricted-imports": ["error", { paths: [noProcessImport, noDiscordObjects] }],
    },
  },
  {
    files: ["src/layers/Config.ts", "src/layers/config/**/*.ts"],
    rules: {
      "no-restricted-properties": ["error", ...noRuns],
      "no-restricted-imports": ["error", { paths: [noDiscordObjects] }],
    },
  },
  {
    files: ["src/layers/Discord.ts", "src/layers/discord/**/*.ts"],
    rules: {
      "no-restricted-properties": ["error", noEnvironment],
      "no-restricted-imports": ["error", { paths: [noProcessImport] }],
    },
  },
  {
    files: ["src/main.ts"],
    rules: { "no-restricted-properties": ["error", noEnvironment] },
  },
  {
    files: ["src/programs/cli/**/*.ts", "scripts/**/*.ts", "bench/**/*.ts"],
    rules: { "no-console": "off" },
  },
  {
    files: ["sandbox/**/*.{ts,tsx}"],
    rules: {
      "no-console": "off",
      // One signature for handlers that wait and handlers that do not.
      "@typescript-eslint/require-await": "off",
    },
  },
  {
    files: ["test/**/*.ts", "bench/**/*.ts"],
    rules: {
      "no-console": "off",
      // An assertion that throws says more in a test than a branch would.
      "@typescript-eslint/no-unnecessary-condition": "off",
    },
  },
]);
