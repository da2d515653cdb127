import { userMention } from "discord.js";
import type { QuestionProblem } from "../../domain/Questions.js";
import { MAX_QUESTION_LENGTH } from "../../domain/Settings.js";
import type { TemplateProblem } from "../../domain/Template.js";
import { PASSWORD_PAUSE_MILLIS } from "../../domain/Password.js";
import type { AppError } from "../kit/AppError.js";
import { ago, STATUS_WORDS, who } from "./Words.js";

const RUNG_WORDS = {
  everyone: "everyone",
  reviewer: "moderators with the reviewer role",
  admin: "admins of this server",
  owner: "the owners of the bot",
} as const;

const TARGET_WORDS = {
  channel: "The channel does not exist any more. An admin can choose another with `/gate setup`.",
  guild: "The bot is not in that server any more.",
  member: "That person is not in the server any more.",
  message: "The message does not exist any more.",
  role: "The role does not exist any more. An admin can choose another with `/gate setup`.",
  user: "Discord does not know that account any more.",
  interaction: "Discord gave up waiting. Please try again.",
  webhook: "Discord gave up waiting. Please try again.",
} as const;

const NOT_FLAGGABLE_WORDS = {
  bot: "bots cannot be flagged. Take a look at who invited it.",
  self: "you cannot flag yourself.",
  owner: "the owners of the server and of the bot cannot be flagged.",
} as const;

/** What somebody looked for, as far as it can be repeated. */
const sought = (reference: string): string => {
  if (reference === "this card" || reference === "this person") return reference;
  const harmless = reference.slice(0, 20).replace(/[^\w#-]/g, "");
  return harmless === "" ? "that code" : `**${harmless}**`;
};

const questionProblem = (problem: QuestionProblem): string => {
  switch (problem._tag) {
    case "Blank":
      return `- Question ${problem.number} is empty. Use \`remove\` to take it out.`;
    case "TooLong":
      return `- Question ${problem.number} has ${problem.length} characters; at most ${MAX_QUESTION_LENGTH} fit.`;
    case "Equal":
      return `- Questions ${problem.other} and ${problem.number} are the same. Ask something else.`;
    case "NoneLeft":
      return "- At least one question is needed.";
  }
};

const PROBLEMS_SHOWN = 8;

const templateProblem = (problem: TemplateProblem): string => {
  switch (problem._tag) {
    case "UnknownToken":
      return `- \`{${problem.token.replace(/[`@<>]/g, "")}}\` means nothing. ${problem.meant === null ? "Write only the tokens that the form names." : `Was \`{${problem.meant}}\` meant?`}`;
    case "TooLong":
      return `- It can become ${problem.length} characters long with its tokens filled in; at most ${problem.max} fit. Make it shorter.`;
  }
};

/** What happened, then what to do. The one place where errors become words for people. */
export const describe = (error: AppError): string => {
  switch (error._tag) {
    case "AccountTooYoung":
      return `Your Discord account is still too new for this server. You can apply ${ago(error.until)}.`;
    case "JoinedTooRecently":
      return `You joined a moment ago. Have a look around first; you can apply ${ago(error.until)}.`;
    case "CoolingDown":
      return `Your last application was not accepted. You can apply again ${ago(error.until)}.`;
    case "GateClosed":
      return `This server takes no applications for the moment. ${error.kept ? "What you typed is kept. " : ""}Please try again later: the button stays here.`;
    case "Blocked":
      return "You cannot apply to this server any more. If you think this is a mistake, contact its staff.";
    case "AlreadyApplied":
      return error.status === "claimed"
        ? `Your application **#${error.code}** is being looked at right now. You will get a direct message with the answer.`
        : `Your application **#${error.code}** is in and waiting for a moderator. You will get a direct message with the answer.`;
    case "AlreadyMember":
      return "You are verified here already. Enjoy!";
    case "GuildNotSetUp":
      return "This server is not set up yet. An admin can do it with `/gate setup`.";
    case "SettingsChanged":
      return "Somebody else changed the settings in the same moment, so yours were not saved. Have a look at `/config view`, then try again.";
    case "ResetOutdated":
      return "Nothing was changed: the gate was reset, or a setting changed, since this form was opened. Run `/gate reset` again if you still want it.";
    case "ApplicationNotFound":
      return `There is no application for ${sought(error.reference)} in this server.`;
    case "AlreadyClaimed":
      return `**#${error.code}** is already claimed by ${userMention(error.claimedBy)}.`;
    case "NotClaimer":
      return `**#${error.code}** is claimed by ${userMention(error.claimedBy)}. Only they can decide about it; they or an admin can unclaim it.`;
    case "IllegalTransition":
      return error.status === "pending"
        ? `**#${error.code}** is not claimed. ${error.attempted === "unclaim" ? "Nothing was changed." : "Claim it first."}`
        : `**#${error.code}** is ${STATUS_WORDS[error.status]}${error.status === "draft" ? "" : " already"}${error.decidedBy === null ? "" : `, by ${userMention(error.decidedBy)}`}. Nothing was changed.`;
    case "NoUnverifiedChannel":
      return "There is no unverified channel to ping in. An admin can choose one with `/gate setup`.";
    case "ApplicantLeft":
      return `The person of **#${error.code}** is not in the server any more, so nobody was pinged.`;
    case "PingedRecently":
      return `The person of **#${error.code}** was pinged a moment ago. You can ping again ${ago(error.until)}.`;
    case "PingsPaused":
      return `Panic mode is on, so the person of **#${error.code}** was not pinged. You can ping once an admin has run \`/panic off\`.`;
    case "PurgeOutdated":
      return "This preview is too old, and nobody was removed. Run `/panic purge` again.";
    case "PurgeBegunAlready":
      return `This was begun ${ago(error.at)} by ${userMention(error.by)}; nothing was done twice. \`/panic status\` shows how it goes.`;
    case "NobodyToRemove":
      return "There is nobody left to remove: they were accepted meanwhile, or are being removed already.";
    case "PurgeImpossible":
      return ["**Nobody can be removed yet:**", ...error.problems.map((problem) => `- ${problem}`)].join(
        "\n",
      );
    case "NotAllowed":
      return `This is for ${RUNG_WORDS[error.needed]}.`;
    case "QuestionsChanged":
      return "**Nothing was changed:** somebody else changed the questions meanwhile. What you typed is kept; look at what is asked now, then go on editing.";
    case "QuestionsInvalid":
      return [
        "**Nothing was changed; what you typed is kept:**",
        ...error.problems.map(questionProblem),
      ].join("\n");
    case "TemplateChanged":
      return "**Not saved yet:** somebody else changed this text meanwhile. What you typed is kept; look at what it says now. **Save** puts yours in its place.";
    case "TemplateInvalid":
      return [
        "**Not saved yet; what you typed is kept:**",
        ...error.problems.slice(0, PROBLEMS_SHOWN).map(templateProblem),
        ...(error.problems.length > PROBLEMS_SHOWN
          ? [`And ${error.problems.length - PROBLEMS_SHOWN} more.`]
          : []),
      ].join("\n");
    case "WrongPassword":
      return `That is not the password, and nothing was changed. ${error.left === 1 ? "One try is" : `${error.left} tries are`} left before a pause of ${PASSWORD_PAUSE_MILLIS / 60_000} minutes.`;
    case "PasswordLocked":
      return `There were too many wrong passwords, and nothing was changed. You can try again ${ago(error.until)}.`;
    case "NotConfirmed":
      return `Nothing was changed. To go on, type **${error.word}** in capitals into the form.`;
    case "NoTarget":
      return "Which application? Pick one under `app`, or name the person under `user`.";
    case "NoPerson":
      return "Whom? Pick the person under `user`, or give the id under `user_id` (17 to 20 digits).";
    case "NotBlocked":
      return `Nothing was changed: ${userMention(error.userId)} is not blocked here.`;
    case "AlreadyFlagged":
      return `Nothing was changed: ${userMention(error.userId)} is flagged already, ${ago(error.at)} by ${who(error.by)}. \`/unflag\` takes it away.`;
    case "NotFlagged":
      return `Nothing was changed: ${userMention(error.userId)} is not flagged.`;
    case "FlaggedRecently":
      return `You flagged somebody a moment ago. You can flag again ${ago(error.until)}.`;
    case "NotFlaggable":
      return `Nobody was flagged: ${NOT_FLAGGABLE_WORDS[error.why]}`;
    case "BackupFailed":
      return error.problem;
    case "BackupRefused":
      return `That backup cannot be used: ${error.problem}. Choose another with \`/database recover\`.`;
    case "OnlyInGuild":
      return "This works in a server only, not in direct messages.";
    case "UnknownComponent":
      return "This button is from an older version of the bot and does nothing any more. Look for a newer message, or ask an admin to run `/gate setup`.";
    case "UnknownCommand":
    case "StaleCommand":
      return "This command has changed. Reload Discord (Ctrl+R) and try again in a minute.";
    case "MissingPermission":
      return `The bot lacks **${error.permission || "a permission"}**. An admin can grant it under Server Settings, Roles.`;
    case "RoleHierarchy":
      return error.subject === "role"
        ? `The role **${error.name}** stands above the bot's own role. Move the bot's role above it under Server Settings, Roles.`
        : "That person's role stands above the bot's own role. Move the bot's role above it under Server Settings, Roles.";
    case "CannotMessageUser":
      return "That person takes no direct messages from the bot.";
    case "UnknownTarget":
      return TARGET_WORDS[error.target];
    case "InteractionGone":
      return "Discord gave up waiting. Please try again.";
    case "RateLimited":
      return "Discord asks the bot to slow down. It goes on by itself in a moment.";
    case "DiscordUnavailable":
      return "Discord does not answer at the moment. Please try again in a minute.";
    case "DiscordRefused":
      return `Discord refused this (code ${error.code}). The log has the details.`;
  }
};

/** For what nobody foresaw: an apology, and an id under which the log has the cause. */
export const apology = (trace: string): string =>
  `Something went wrong on our side, and nothing was changed. Please try again; if it happens again, tell an admin this id: \`${trace}\``;

/** For when nothing can be written down: nobody is told that something is stored which is not. */
export const notSaved = (trace: string): string =>
  `This could not be saved, because the bot cannot write anything down at the moment. Nothing was changed. Please try again later; if it lasts, tell an admin this id: \`${trace}\``;
