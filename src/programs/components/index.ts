import type { Component, Requirements } from "../kit/Component.js";
import { accept } from "./Accept.js";
import { apply } from "./Apply.js";
import { applyPage } from "./ApplyPage.js";
import { claim } from "./Claim.js";
import { refuse } from "./Refuse.js";
import { refuseReason } from "./RefuseReason.js";
import { retry } from "./Retry.js";
import { unclaim } from "./Unclaim.js";
import { verify } from "./Verify.js";

/** One line a button or form. */
const all = [accept, apply, applyPage, claim, refuse, refuseReason, retry, unclaim, verify];

export const components: ReadonlyArray<Component<Requirements<(typeof all)[number]>>> = all;
