/** A refusal in Discord's own words: HTTP status, JSON code, message and, for forms, the tree of errors. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
    readonly errors?: FormErrors,
  ) {
    super(message);
  }

  toJSON(): object {
    return { message: this.message, code: this.code, ...(this.errors && { errors: this.errors }) };
  }
}

/** A refusal in OAuth2's words. */
export class OAuthError extends ApiError {
  constructor(
    status: number,
    private readonly error: string,
    private readonly description?: string,
  ) {
    super(status, 0, error);
  }

  override toJSON(): object {
    return {
      error: this.error,
      ...(this.description !== undefined && { error_description: this.description }),
    };
  }
}

export interface FormErrors {
  [field: string]: FormErrors | FormProblem[];
}

export interface FormProblem {
  readonly code: string;
  readonly message: string;
}

const unknown = (code: number, what: string) => (): ApiError => new ApiError(404, code, `Unknown ${what}`);

export const unknownChannel = unknown(10003, "Channel");
export const unknownGuild = unknown(10004, "Guild");
export const unknownMember = unknown(10007, "Member");
export const unknownMessage = unknown(10008, "Message");
export const unknownOverwrite = unknown(10009, "permission overwrite");
export const unknownRole = unknown(10011, "Role");
export const unknownUser = unknown(10013, "User");
export const unknownEmoji = unknown(10014, "Emoji");
export const unknownWebhook = unknown(10015, "Webhook");
export const unknownBan = unknown(10026, "Ban");
export const unknownInteraction = unknown(10062, "interaction");
export const unknownCommand = unknown(10063, "application command");

export const unknownCommandPermissions = unknown(10066, "application command permissions");

export const unauthorized = (): ApiError => new ApiError(401, 0, "401: Unauthorized");
export const missingAccess = (): ApiError => new ApiError(403, 50001, "Missing Access");
export const missingPermissions = (): ApiError => new ApiError(403, 50013, "Missing Permissions");
export const notOnDirectMessages = (): ApiError =>
  new ApiError(403, 50003, "Cannot execute action on a DM channel");
export const notYourMessage = (): ApiError =>
  new ApiError(403, 50005, "Cannot edit a message authored by another user");
export const emptyMessage = (): ApiError => new ApiError(400, 50006, "Cannot send an empty message");
export const cannotMessageUser = (): ApiError =>
  new ApiError(403, 50007, "Cannot send messages to this user");
export const wrongChannelType = (): ApiError =>
  new ApiError(400, 50024, "Cannot execute action on this channel type");
export const requiredByCommunity = (): ApiError =>
  new ApiError(400, 50074, "Cannot delete a channel required for Community guilds");
export const invalidWebhookToken = (): ApiError => new ApiError(401, 50027, "Invalid Webhook Token");
export const invalidRole = (): ApiError => new ApiError(400, 50028, "Invalid Role");
export const invalidRecipients = (): ApiError => new ApiError(400, 50033, "Invalid Recipient(s)");
export const noMutualGuild = (): ApiError =>
  new ApiError(403, 50278, "Cannot send messages to this user due to having no mutual guilds");
export const alreadyAcknowledged = (): ApiError =>
  new ApiError(400, 40060, "Interaction has already been acknowledged.");
export const alreadyCrossposted = (): ApiError =>
  new ApiError(400, 40033, "This message has already been crossposted.");
export const archivedThread = (): ApiError => new ApiError(400, 50083, "Thread is archived");
export const tooOldToDelete = (): ApiError =>
  new ApiError(400, 50034, "You can only bulk delete messages that are under 14 days old.");
export const needsBoosts = (): ApiError =>
  new ApiError(403, 50101, "This server needs more boosts to perform this action");
export const noBanSucceeded = (): ApiError => new ApiError(400, 500_000, "Failed to ban users");
export const tooManyWebhooks = (): ApiError =>
  new ApiError(400, 30007, "Maximum number of webhooks reached (15)");
export const tooManyReactions = (): ApiError =>
  new ApiError(400, 30010, "Maximum number of reactions reached (20)");
export const tooManyCommands = (limit: number): ApiError =>
  new ApiError(400, 30032, `Maximum number of application commands reached (${limit}).`);
export const tooManyPins = (): ApiError =>
  new ApiError(400, 30003, "Maximum number of pins reached for the channel (250)");

/** 50035 with one problem at one field; `path` as in `embeds.0.title`. */
export function invalidForm(path: string, code: string, message: string): ApiError {
  return invalidForms([{ path: path === "" ? [] : path.split("."), code, message }]);
}

export function invalidForms(
  problems: readonly {
    readonly path: readonly PropertyKey[];
    readonly code: string;
    readonly message: string;
  }[],
): ApiError {
  const errors: FormErrors = {};
  for (const { path, code, message } of problems) {
    let node = errors;
    for (const key of path.map(String)) {
      const next = node[key];
      if (next !== undefined && !Array.isArray(next)) {
        node = next;
      } else {
        const fresh: FormErrors = {};
        node[key] = fresh;
        node = fresh;
      }
    }
    const here = node["_errors"];
    if (Array.isArray(here)) here.push({ code, message });
    else node["_errors"] = [{ code, message }];
  }
  return new ApiError(400, 50035, "Invalid Form Body", errors);
}
