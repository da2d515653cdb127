import type { Component, Requirements } from "../kit/Component.js";
import { accept } from "./Accept.js";
import { answersPage } from "./AnswersPage.js";
import { apply } from "./Apply.js";
import { applyPage } from "./ApplyPage.js";
import { claim } from "./Claim.js";
import { copyUid } from "./CopyUid.js";
import { fullAnswers } from "./FullAnswers.js";
import { openList } from "./OpenList.js";
import { panicPurge } from "./PanicPurge.js";
import { panicPurgeForm } from "./PanicPurgeForm.js";
import { ping } from "./Ping.js";
import { gateResetForm } from "./GateResetForm.js";
import { questionsEdit } from "./QuestionsEdit.js";
import { questionsForm } from "./QuestionsForm.js";
import { refuse } from "./Refuse.js";
import { refuseReason } from "./RefuseReason.js";
import { restore } from "./Restore.js";
import { restoreConfirmed } from "./RestoreConfirmed.js";
import { retry } from "./Retry.js";
import { templateEdit } from "./TemplateEdit.js";
import { templateForm } from "./TemplateForm.js";
import { templateSave } from "./TemplateSave.js";
import { unclaim } from "./Unclaim.js";
import { verify } from "./Verify.js";
import { viewAvatar } from "./ViewAvatar.js";
import { withdraw, withdrawYes } from "./Withdraw.js";

/** One line a button or form. */
const all = [
  accept,
  answersPage,
  apply,
  applyPage,
  claim,
  copyUid,
  fullAnswers,
  openList,
  panicPurge,
  panicPurgeForm,
  ping,
  gateResetForm,
  questionsEdit,
  questionsForm,
  refuse,
  refuseReason,
  restore,
  restoreConfirmed,
  retry,
  templateEdit,
  templateForm,
  templateSave,
  unclaim,
  verify,
  viewAvatar,
  withdraw,
  withdrawYes,
];

export const components: ReadonlyArray<Component<Requirements<(typeof all)[number]>>> = all;
