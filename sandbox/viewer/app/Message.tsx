import {
  DiscordAttachments,
  DiscordEmbed,
  DiscordEmbedDescription,
  DiscordEmbedField,
  DiscordEmbedFields,
  DiscordEmbedFooter,
  DiscordFileAttachment,
  DiscordImageAttachment,
  DiscordMessage,
  DiscordReply,
  DiscordSystemMessage,
} from "@skyra/discord-components-react";
import { memo, type MouseEvent } from "react";
import type { WireAttachment, WireEmbed, WireMessage } from "../../contract/wire.js";
import { Components, type Press } from "./Components.js";
import { cssColor, nameOf } from "./control.js";
import { useLight } from "./light.js";
import { Markdown } from "./Markdown.js";
import { Reactions } from "./Reactions.js";
import { avatarOf, rolesOf, useHere } from "./world.js";

const EPHEMERAL = 64;
const LOADING = 128;
const PINNED = 6;

/** As Discord heads a message. */
const when = (iso: string): string => {
  const date = new Date(iso);
  const time = date.toLocaleTimeString("en", { timeStyle: "short" });
  return date.toDateString() === new Date().toDateString()
    ? `Today at ${time}`
    : `${date.toLocaleDateString("en")} ${time}`;
};

interface Shown {
  readonly message: WireMessage;
  readonly replyTo: WireMessage | undefined;
  readonly press: Press;
  readonly dismiss: (id: string) => void;
  readonly menu: (event: MouseEvent, message: WireMessage) => void;
}

export const Message = memo(function Message({ message, replyTo, press, dismiss, menu }: Shown) {
  const { guild, people } = useHere();
  const light = useLight();
  const { author } = message;
  const person = people.find(({ userId }) => userId === author.id);
  const name = person?.name ?? nameOf(author);
  const color = rolesOf(guild, person).find((role) => role.color !== 0)?.color;
  if (message.type === PINNED) {
    return (
      <div className="message" data-message={message.id}>
        <DiscordSystemMessage type="pin" timestamp={when(message.timestamp)}>
          <b>{name}</b> pinned a message to this channel.
        </DiscordSystemMessage>
      </div>
    );
  }
  return (
    <div className="message" data-message={message.id} onContextMenu={(event) => menu(event, message)}>
      <button type="button" className="more" aria-label="More" onClick={(event) => menu(event, message)}>
        ⋯
      </button>
      <DiscordMessage
        author={name}
        avatar={avatarOf(author, people)}
        bot={author.bot === true}
        {...(color !== undefined && { roleColor: cssColor(color) })}
        edited={message.edited_timestamp !== null}
        ephemeral={(message.flags & EPHEMERAL) !== 0}
        timestamp={when(message.timestamp)}
        dismissMessageClicked={() => dismiss(message.id)}
      >
        {replyTo !== undefined && (
          <DiscordReply
            slot="reply"
            author={nameOf(replyTo.author)}
            roleColor={light ? "#060607" : "#ffffff"}
            avatar={avatarOf(replyTo.author, people)}
            bot={replyTo.author.bot === true}
          >
            {replyTo.content.slice(0, 100) || "Click to see attachment"}
          </DiscordReply>
        )}
        {(message.flags & LOADING) !== 0 ? (
          <em className="thinking">is thinking …</em>
        ) : (
          <Markdown text={message.content} />
        )}
        {message.embeds.map((embed, index) => (
          <Embed key={index} embed={embed} />
        ))}
        {message.attachments.length > 0 && (
          <DiscordAttachments slot="attachments">
            {message.attachments.map((attachment) => (
              <Attachment key={attachment.id} attachment={attachment} />
            ))}
          </DiscordAttachments>
        )}
        {message.reactions !== undefined && <Reactions message={message} />}
        {message.components.length > 0 && (
          <div slot="components" className="components">
            <Components
              components={message.components}
              press={(component, values) => press(message, component, values)}
            />
          </div>
        )}
      </DiscordMessage>
    </div>
  );
});

/** Fields beside each other, three in a row; one over the whole width begins a new row. */
function placed(fields: NonNullable<WireEmbed["fields"]>) {
  let inRow = 0;
  return fields.map(({ name, value, inline = false }) => {
    inRow = inline ? (inRow % 3) + 1 : 0;
    return { name, value, inlineIndex: inline ? inRow : undefined };
  });
}

function Embed({ embed }: { readonly embed: WireEmbed }) {
  const { author, footer, fields = [] } = embed;
  return (
    <DiscordEmbed
      slot="embeds"
      color={cssColor(embed.color ?? 0x1e1f22)}
      {...(embed.title !== undefined && { embedTitle: embed.title })}
      {...(embed.url !== undefined && { url: embed.url })}
      {...(author !== undefined && { authorName: author.name })}
      {...(author?.icon_url !== undefined && { authorImage: author.icon_url })}
      {...(embed.thumbnail !== undefined && { thumbnail: embed.thumbnail.url })}
      {...(embed.image !== undefined && { image: embed.image.url })}
    >
      {embed.description !== undefined && (
        <DiscordEmbedDescription slot="description">
          <Markdown text={embed.description} />
        </DiscordEmbedDescription>
      )}
      {fields.length > 0 && (
        <DiscordEmbedFields slot="fields">
          {placed(fields).map(({ name, value, inlineIndex }, index) => (
            <DiscordEmbedField
              key={index}
              fieldTitle={name}
              inline={inlineIndex !== undefined}
              {...(inlineIndex !== undefined && { inlineIndex })}
            >
              <Markdown text={value} />
            </DiscordEmbedField>
          ))}
        </DiscordEmbedFields>
      )}
      {(footer !== undefined || embed.timestamp !== undefined) && (
        <DiscordEmbedFooter
          slot="footer"
          {...(embed.timestamp !== undefined && { timestamp: when(embed.timestamp) })}
        >
          {footer?.text}
        </DiscordEmbedFooter>
      )}
    </DiscordEmbed>
  );
}

function Attachment({ attachment }: { readonly attachment: WireAttachment }) {
  const { url, filename, size } = attachment;
  return attachment.content_type?.startsWith("image/") === true ? (
    <DiscordImageAttachment url={url} alt={attachment.description ?? filename} />
  ) : (
    <DiscordFileAttachment name={filename} bytes={size} bytesUnit="B" href={url} target="_blank" />
  );
}
