import * as NodeRuntime from "@effect/platform-node/NodeRuntime";
import { Layer } from "effect";
import { App } from "./App.js";

NodeRuntime.runMain(Layer.launch(App));
