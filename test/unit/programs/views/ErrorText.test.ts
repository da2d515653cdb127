import { assert, describe, expect, it } from "@effect/vitest";
import {
  AlreadyClaimed,
  ApplicationNotFound,
  IllegalTransition,
  NotClaimer,
  Status,
} from "../../../../src/domain/Application.js";
import * as Gate from "../../../../src/domain/Gate.js";
import { Millis, ShortCode } from "../../../../src/domain/Ids.js";
import * as Purge from "../../../../src/domain/PanicPurge.js";
import { PasswordLocked, WrongPassword } from "../../../../src/domain/Password.js";
import { NotAllowed, RUNGS } from "../../../../src/domain/Permission.js";
import { QuestionsChanged, QuestionsInvalid } from "../../../../src/domain/Questions.js";
import { GuildNotSetUp, ResetOutdated, SettingsChanged } from "../../../../src/domain/Settings.js";
import { TemplateChanged, TemplateInvalid } from "../../../../src/domain/Template.js";
import * as Discord from "../../../../src/layers/discord/Errors.js";
import { NotBlocked } from "../../../../src/domain/Block.js";
import {
  ApplicantLeft,
  NoUnverifiedChannel,
  PingedRecently,
  PingsPaused,
} from "../../../../src/domain/Ping.js";
import type { AppError } from "../../../../src/programs/kit/AppError.js";
import * as Kit from "../../../../src/programs/kit/Errors.js";
import { apology, describe as words, notSaved } from "../../../../src/programs/views/ErrorText.js";
import { GUILD, MAYA, NOW, ROBIN, settings } from "../../../support/fixtures.js";
import * as Flag from "../../../../src/domain/Flag.js";
import { SYSTEM_ACTOR } from "../../../../src/domain/Action.js";
import { BackupFailed, BackupRefused } from "../../../../src/domain/Backup.js";
import { hostileText } from "../../../support/fixtures-text.js";

const code = ShortCode.make("a1b2c3");
const until = Millis.make(NOW);

/** One of each: an error without an example here does not compile. */
const examples: { readonly [T in AppError["_tag"]]: ReadonlyArray<Extract<AppError, { readonly _tag: T }>> } =
  {
    AccountTooYoung: [new Gate.AccountTooYoung({ until })],
    AlreadyApplied: (["pending", "claimed"] as const).map(
      (status) => new Gate.AlreadyApplied({ code, status }),
    ),
    AlreadyFlagged: ([MAYA, SYSTEM_ACTOR] as const).map(
      (by) => new Flag.AlreadyFlagged({ userId: ROBIN, by, at: until }),
    ),
    AlreadyClaimed: [new AlreadyClaimed({ code, claimedBy: MAYA })],
    ApplicantLeft: [new ApplicantLeft({ code })],
    AlreadyMember: [new Gate.AlreadyMember()],
    ApplicationNotFound: ["this card", "this person", "ffffff", "#FFFFFF", "语言"].map(
      (reference) => new ApplicationNotFound({ reference }),
    ),
    BackupFailed: [
      new BackupFailed({ problem: "No backup was made: the disk is full. Make room and try again." }),
    ],
    BackupRefused: [new BackupRefused({ file: "a.db", problem: "it is damaged" })],
    Blocked: [new Gate.Blocked()],
    CannotMessageUser: [new Discord.CannotMessageUser()],
    CoolingDown: [new Gate.CoolingDown({ until })],
    DiscordRefused: [new Discord.DiscordRefused({ code: 50035, detail: `400 ${MAYA}` })],
    DiscordUnavailable: [new Discord.DiscordUnavailable({ detail: "Discord answered 500" })],
    FlaggedRecently: [new Flag.FlaggedRecently({ until })],
    GateClosed: [new Gate.GateClosed({ kept: false }), new Gate.GateClosed({ kept: true })],
    GuildNotSetUp: [new GuildNotSetUp({ guildId: GUILD })],
    IllegalTransition: [
      ...Status.literals.map((status) => new IllegalTransition({ code, status, attempted: "claim" })),
      new IllegalTransition({ code, status: "pending", attempted: "unclaim" }),
      new IllegalTransition({ code, status: "rejected", decidedBy: MAYA, attempted: "approve" }),
    ],
    InteractionGone: [new Discord.InteractionGone({ code: 10062 })],
    JoinedTooRecently: [new Gate.JoinedTooRecently({ until })],
    MissingPermission: ["Manage Roles", ""].map(
      (permission) => new Discord.MissingPermission({ permission }),
    ),
    NoUnverifiedChannel: [new NoUnverifiedChannel()],
    NoTarget: [new Kit.NoTarget()],
    NoPerson: [new Kit.NoPerson()],
    NotBlocked: [new NotBlocked({ userId: MAYA })],
    NotAllowed: RUNGS.map((needed) => new NotAllowed({ needed })),
    NotConfirmed: [new Kit.NotConfirmed({ word: "RESET" })],
    NotFlaggable: (["bot", "self", "owner"] as const).map((why) => new Flag.NotFlaggable({ why })),
    NotFlagged: [new Flag.NotFlagged({ userId: ROBIN })],
    NotClaimer: [new NotClaimer({ code, claimedBy: MAYA })],
    OnlyInGuild: [new Kit.OnlyInGuild()],
    PasswordLocked: [new PasswordLocked({ until })],
    PingedRecently: [new PingedRecently({ code, until })],
    PingsPaused: [new PingsPaused({ code })],
    PurgeBegunAlready: [new Purge.PurgeBegunAlready({ by: MAYA, at: until })],
    PurgeImpossible: [
      new Purge.PurgeImpossible({
        problems: ["the bot lacks Ban Members. Grant it under Server Settings, Roles."],
      }),
    ],
    PurgeOutdated: [new Purge.PurgeOutdated()],
    NobodyToRemove: [new Purge.NobodyToRemove()],
    QuestionsChanged: [new QuestionsChanged({ now: ["Why?"] })],
    QuestionsInvalid: [
      new QuestionsInvalid({
        problems: [
          { _tag: "Blank", number: 1 },
          { _tag: "TooLong", number: 2, length: 502 },
          { _tag: "Equal", number: 4, other: 3 },
        ],
      }),
      new QuestionsInvalid({ problems: [{ _tag: "NoneLeft" }] }),
    ],
    RateLimited: [new Discord.RateLimited({ retryAfterMillis: 1_000 })],
    RoleHierarchy: (["role", "member"] as const).map(
      (subject) => new Discord.RoleHierarchy({ subject, name: "Member" }),
    ),
    ResetOutdated: [new ResetOutdated()],
    SettingsChanged: [new SettingsChanged({ now: settings() })],
    StaleCommand: [new Kit.StaleCommand({ option: "app" })],
    TemplateChanged: [new TemplateChanged({ template: "kick", now: "Goodbye!", draft: "Bye!" })],
    TemplateInvalid: [
      new TemplateInvalid({
        template: "kick",
        problems: [
          { _tag: "UnknownToken", token: "aplicant.tag", meant: "applicant.tag" },
          { _tag: "UnknownToken", token: "`<@1>`", meant: null },
          { _tag: "TooLong", length: 3_100, max: 3_000 },
        ],
      }),
      new TemplateInvalid({
        template: "welcome",
        problems: Array.from({ length: 1_000 }, () => ({
          _tag: "UnknownToken" as const,
          token: "x".repeat(40),
          meant: null,
        })),
      }),
    ],
    UnknownCommand: [new Kit.UnknownCommand()],
    UnknownComponent: [new Kit.UnknownComponent()],
    UnknownTarget: (
      ["channel", "guild", "member", "message", "role", "user", "interaction", "webhook"] as const
    ).map((target) => new Discord.UnknownTarget({ target })),
    WrongPassword: [1, 4].map((left) => new WrongPassword({ left })),
  };
const all = Object.values(examples).flat();

/** Words for people: sentences, no id of ours or of Discord's but in a mention, nothing that leaked from the code. */
const forPeople = (text: string) => {
  assert.match(text, /^[A-Z*].*[.!]$/s);
  assert.isAtMost(text.length, 2_000);
  assert.notMatch(text, /undefined|null|NaN|\[object|\*\*\*\*|_tag|Error/);
  const outside = text.replace(/<@\d+>/g, "");
  assert.notMatch(outside, /\d{17,20}|[0-9A-HJKMNP-TV-Z]{26}/);
};

describe("the words for an error", () => {
  it.each(all.map((error) => [error._tag, error] as const))("%s", (tag, error) => {
    const text = words(error);
    forPeople(text);
    assert.notInclude(text, tag);
  });

  it("are all of them", () => {
    expect(all.map((error) => `${error._tag}: ${words(error)}`).join("\n")).toMatchSnapshot();
  });

  it("read well of an application that was never sent, and of one that nobody has claimed", () => {
    assert.notInclude(words(new IllegalTransition({ code, status: "draft", attempted: "claim" })), "already");
    assert.notInclude(
      words(new IllegalTransition({ code, status: "pending", attempted: "unclaim" })),
      "Claim it first",
    );
    assert.include(
      words(new IllegalTransition({ code, status: "pending", attempted: "approve" })),
      "Claim it first",
    );
  });

  it.prop("repeat nothing hostile of what somebody typed for a code", [hostileText], ([reference]) => {
    const text = words(new ApplicationNotFound({ reference }));
    // What they typed may itself look like an id or like code: the rules for our words are for ours.
    forPeople(text.replace(/\*\*.+\*\*/s, "**#abc123**"));
    assert.isAtMost(text.length, 100);
    assert.notMatch(text, /[@<>`[\]]/);
  });

  it("apologise for a defect with the id that an admin can look for", () => {
    for (const words of [apology, notSaved]) {
      assert.include(words("abc123"), "`abc123`");
      assert.include(words("abc123").toLowerCase(), "nothing was changed");
    }
  });
});
