import { useRef, useState } from "react";
import type { Action, Upload } from "../../contract/interactions.js";
import type { WireMessage } from "../../contract/wire.js";
import { control, nameOf } from "./control.js";
import { callsOf, SlashForm, type Call } from "./SlashForm.js";
import { DM, useCommands, useHere, type Here } from "./world.js";

const SHOWN = 12;

/** Writes a message, or starts a slash command. */
export function Composer({
  act,
  replyTo,
  replied,
}: {
  readonly act: (action: Action) => Promise<string | undefined>;
  /** The message this one answers. */
  readonly replyTo: WireMessage | undefined;
  readonly replied: () => void;
}) {
  const here = useHere();
  const { me, channel, channelId, say } = here;
  const commands = useCommands();
  const [text, setText] = useState("");
  const [files, setFiles] = useState<readonly File[]>([]);
  const [call, setCall] = useState<Call>();
  const picker = useRef<HTMLInputElement>(null);
  const direct = channel?.id === DM;
  const calls = callsOf(commands);
  const offered = text.startsWith("/")
    ? calls
        .filter(({ path }) => `/${path.join(" ")}`.startsWith(text.toLowerCase().trimEnd()))
        .slice(0, SHOWN)
    : [];

  const send = async (): Promise<void> => {
    if (text.trim() === "" && files.length === 0) return;
    try {
      await control.call("say", {
        userId: me.user.id,
        ...(!direct && channelId !== null && { channelId }),
        content: withMentions(text, here),
        ...(replyTo !== undefined && { replyTo: replyTo.id }),
        ...(files.length > 0 && { uploads: await Promise.all(files.map(uploadOf)) }),
      });
      setText("");
      setFiles([]);
      replied();
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  };

  if (call !== undefined && channelId !== null) {
    return (
      <SlashForm
        call={call}
        channelId={channelId}
        close={() => setCall(undefined)}
        run={async (action) => {
          const problem = await act(action);
          if (problem === undefined) {
            setCall(undefined);
            setText("");
          }
          return problem;
        }}
      />
    );
  }
  const closed = channel?.canWrite === false;
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        const [only] = offered;
        if (only !== undefined) setCall(only);
        else void send();
      }}
    >
      {offered.length > 0 && (
        <ul className="offers" aria-label="Commands">
          {offered.map((one) => (
            <li key={one.path.join(" ")}>
              <button type="button" onClick={() => setCall(one)}>
                <b>/{one.path.join(" ")}</b> <span>{one.description}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {replyTo !== undefined && (
        <p className="files">
          Replying to {nameOf(replyTo.author)}{" "}
          <button type="button" onClick={replied}>
            cancel
          </button>
        </p>
      )}
      {files.length > 0 && (
        <p className="files">
          {files.map(({ name }) => name).join(", ")}{" "}
          <button type="button" onClick={() => setFiles([])}>
            remove
          </button>
        </p>
      )}
      <div className="line">
        <button
          type="button"
          aria-label="Attach a file"
          disabled={closed}
          onClick={() => picker.current?.click()}
        >
          +
        </button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={({ target }) => setFiles([...(target.files ?? [])])}
        />
        <input
          type="text"
          aria-label="Message"
          maxLength={2_000}
          value={text}
          placeholder={
            closed
              ? "You may not write here. Slash commands work: type /"
              : direct
                ? "Message the bot"
                : `Message #${channel?.name ?? ""}, or / for a command`
          }
          onChange={({ target }) => setText(target.value)}
        />
      </div>
    </form>
  );
}

const wholeWord = (name: string): RegExp =>
  new RegExp(`${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\p{L}\\p{N}_])`, "gu");

/** As Discord's client does: a name after `@` or `#` becomes the mention that is meant, the longest name first. */
function withMentions(text: string, { people, guild }: Here): string {
  const meant: readonly (readonly [string, string])[] = [
    ...people.map(({ name, userId }) => [`@${name}`, `<@${userId}>`] as const),
    ...(guild?.roles ?? [])
      .filter(({ name }) => !name.startsWith("@"))
      .map(({ name, id }) => [`@${name}`, `<@&${id}>`] as const),
    ...(guild?.channels ?? []).map(({ name, id }) => [`#${name}`, `<#${id}>`] as const),
  ];
  return [...meant]
    .sort(([one], [other]) => other.length - one.length)
    .reduce((words, [name, mention]) => words.replace(wholeWord(name), mention), text);
}

async function uploadOf(file: File): Promise<Upload> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return { filename: file.name, contentType: file.type, base64: btoa(binary) };
}
