/**
 * Who may import whom. Data flows one way, and so do imports:
 * main → App → programs, http → services → services/repos → layers → domain.
 *
 * `only(room, allowed)` forbids every import of a room that is not on its list: its own files, other rooms, packages and
 * Node's own modules alike, so that a new dependency of a room is a decision somebody reads here.
 */

const packages = (...names) => names.map((name) => `^node_modules/${name}/`);
const builtins = (...names) => names.map((name) => `^(node:)?${name}$`);

const domain = "^src/domain/";
const layers = "^src/layers/";
/** Inside a layer; its tag lives in the module file beside the folder. */
const insideALayer = "^src/layers/[^/]+/";
/** What the Discord layer's methods answer with, errors included: as public as its tag. */
const layerWords = "^src/layers/discord/(Errors|Events|Guild|Interaction)\\.ts$";
const services = "^src/services/[^/]+\\.ts$";
const repos = "^src/services/repos/";
const kit = "^src/programs/kit/";
const views = "^src/programs/views/";
const api = "^src/http/api/";

const effect = packages("effect");
const sql = packages("@effect/sql");
/** Builders, enums and the shapes of payloads; ESLint keeps clients and their objects inside the layer. */
const discordShapes = packages("discord.js", "discord-api-types", "@discordjs/builders");

const only = (name, comment, from, allowed) => ({
  name,
  comment,
  severity: "error",
  from,
  to: { pathNot: allowed },
});

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    only("domain", "Pure values: nothing but effect.", { path: domain }, [domain, ...effect]),

    {
      name: "layers",
      comment:
        "The outside world: vendors and Node, but of this program only the domain (and what to migrate).",
      severity: "error",
      from: { path: layers },
      to: {
        path: "^(src|scripts|sandbox|test|bench|dashboard)/",
        pathNot: [layers, domain],
      },
    },

    only("services", "Use cases: no discord.js value and no HTTP type crosses in.", { path: services }, [
      domain,
      services,
      repos,
      layers,
      ...effect,
      ...sql,
      ...packages("ulid", "jose"),
      ...builtins("crypto"),
    ]),

    {
      name: "inside-a-layer",
      comment: "A layer is used through its tag; the folder beside the tag's module is its own affair.",
      severity: "error",
      from: { path: "^src/(services|programs|http)/" },
      to: { path: insideALayer, pathNot: [layerWords], dependencyTypesNot: ["type-only"] },
    },

    only("repos", "The only SQL outside migrations.", { path: repos }, [domain, repos, ...effect, ...sql]),

    only(
      "programs",
      "Decode, guard, one service call, view.",
      { path: "^src/programs/", pathNot: [views, "^src/programs/cli/"] },
      ["^src/programs/", domain, services, layers, ...effect, ...discordShapes],
    ),

    {
      name: "views",
      comment:
        "Pure functions from values to Discord payloads: they may name the type of what they draw, and call nothing " +
        "but builders and the kit's custom ids.",
      severity: "error",
      from: { path: views },
      to: {
        pathNot: [domain, views, kit, ...effect, ...discordShapes],
        dependencyTypesNot: ["type-only"],
      },
    },

    {
      name: "cli",
      comment:
        "Operators' programs: services, layers and the words of the views, never what listens to the gateway.",
      severity: "error",
      from: { path: "^src/programs/cli/" },
      to: {
        path: "^(src|scripts|sandbox|test|bench|dashboard)/",
        pathNot: ["^src/programs/cli/", "^src/programs/commands/", views, domain, services, layers],
      },
    },

    only(
      "http-api",
      "The contract the dashboard's client is made from: it must load in a browser.",
      { path: api },
      [domain, api, ...effect, ...packages("@effect/platform")],
    ),

    only("http", "Handlers and middleware: no SQL, no Discord.", { path: "^src/http/", pathNot: api }, [
      "^src/http/",
      domain,
      services,
      layers,
      ...effect,
      ...packages("@effect/platform", "@effect/platform-node", "@effect/experimental", "find-my-way-ts"),
      ...builtins("crypto", "net", "zlib"),
    ]),

    {
      name: "the-root",
      comment: "App.ts and main.ts stand above everything.",
      severity: "error",
      from: { path: "^(src|migrations)/", pathNot: "^src/main\\.ts$" },
      to: { path: "^src/(App|main)\\.ts$" },
    },

    {
      name: "migrations",
      comment: "A migration is SQL that never changes again, so it leans on nothing that does.",
      severity: "error",
      from: { path: "^migrations/" },
      to: { path: "^(src|scripts|sandbox|test|bench)/" },
    },

    {
      name: "sandbox-knows-nothing-of-the-bot",
      comment: "The local Discord is a stand-in: it must not agree with the bot by sharing code.",
      severity: "error",
      from: { path: "^sandbox/" },
      to: { path: "^(src|migrations)/" },
    },

    {
      name: "the-bot-knows-nothing-of-the-sandbox",
      severity: "error",
      from: { path: "^(src|migrations)/" },
      to: { path: "^(sandbox|test|bench|scripts)/" },
    },

    {
      name: "no-circles",
      comment:
        "Nothing runs in a circle. A part may name the type of the whole: that import is gone before it runs.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },

    {
      name: "no-packages-of-development",
      comment: "Production installs no devDependencies.",
      severity: "error",
      from: { path: "^(src|migrations)/" },
      to: {
        dependencyTypes: ["npm-dev"],
        dependencyTypesNot: ["type-only"],
      },
    },

    {
      name: "no-undeclared-packages",
      comment: "What is imported stands in package.json, and does not merely happen to be installed.",
      severity: "error",
      from: { path: "^(src|migrations|scripts|sandbox|test|bench)/" },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown", "unknown"] },
    },

    {
      name: "resolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
