import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Effect, Layer, Option, Redacted, type Scope } from "effect";
import { SandboxClient } from "../../sandbox/client.js";
import type { ExampleGuild } from "../../sandbox/client.js";
import { startSandbox } from "../../sandbox/index.js";
import { appOn } from "../../src/App.js";
import * as Config from "../../src/layers/Config.js";
import { deploy } from "../../src/programs/cli/Commands.js";

export {};
