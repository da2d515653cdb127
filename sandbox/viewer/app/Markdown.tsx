/** Discord's Markdown, as Discord draws it. */
import {
  DiscordBold,
  DiscordCode,
  DiscordHeader,
  DiscordItalic,
  DiscordLink,
  DiscordMention,
  DiscordPre,
  DiscordQuote,
  DiscordSpoiler,
  DiscordUnderlined,
} from "@skyra/discord-components-react";
import { parse } from "discord-markdown-parser";
import type { ReactNode } from "react";
import { cssColor } from "./control.js";
import { Timestamp } from "./Timestamp.js";
import { useHere, type Here } from "./world.js";

type Node = ReturnType<typeof parse>[number];

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

function mention(node: Node, { guild, people }: Here): ReactNode {
  const id = textOf(node["id"]);
  switch (node.type) {
    case "channel":
      return (
        <DiscordMention type="channel">
          {[...(guild?.channels ?? []), ...(guild?.threads ?? [])].find((one) => one.id === id)?.name ??
            "unknown"}
        </DiscordMention>
      );
    case "role": {
      const role = guild?.roles.find((one) => one.id === id);
      return (
        <DiscordMention type="role" {...(role?.color && { color: cssColor(role.color) })}>
          {role?.name ?? "deleted-role"}
        </DiscordMention>
      );
    }
    default: {
      const name = people.find(({ userId }) => userId === id)?.name ?? "unknown-user";
      return <DiscordMention>{name}</DiscordMention>;
    }
  }
}

/** Only addresses of the web become links. */
const safe = (address: string): string | undefined => (/^https?:\/\//i.test(address) ? address : undefined);

function draw(node: Node, here: Here): ReactNode {
  const inside: unknown = node["content"];
  const content = Array.isArray(inside) ? <Nodes nodes={inside} here={here} /> : textOf(inside);
  switch (node.type) {
    case "strong":
      return <DiscordBold>{content}</DiscordBold>;
    case "em":
      return <DiscordItalic>{content}</DiscordItalic>;
    case "underline":
      return <DiscordUnderlined>{content}</DiscordUnderlined>;
    case "strikethrough":
      return <s>{content}</s>;
    case "inlineCode":
      return <DiscordCode>{textOf(inside)}</DiscordCode>;
    case "codeBlock":
      return (
        <DiscordCode multiline>
          <DiscordPre>{textOf(inside)}</DiscordPre>
        </DiscordCode>
      );
    case "blockQuote":
      return <DiscordQuote>{content}</DiscordQuote>;
    case "spoiler":
      return <DiscordSpoiler>{content}</DiscordSpoiler>;
    case "heading":
      return (
        <DiscordHeader level={node["level"] === 1 ? 1 : node["level"] === 2 ? 2 : 3}>{content}</DiscordHeader>
      );
    case "subtext":
      return <small>{content}</small>;
    case "br":
    case "newline":
      return <br />;
    case "url":
    case "autolink":
    case "link": {
      const href = safe(textOf(node["target"]));
      return href === undefined ? (
        content
      ) : (
        <DiscordLink href={href} target="_blank" rel="noreferrer">
          {content}
        </DiscordLink>
      );
    }
    case "user":
    case "role":
    case "channel":
      return mention(node, here);
    case "everyone":
    case "here":
      return <DiscordMention>{node.type}</DiscordMention>;
    case "timestamp":
      return <Timestamp seconds={Number(node["timestamp"])} style={textOf(node["format"])} />;
    case "slashCommand":
      return <DiscordMention type="slash">{textOf(node["name"])}</DiscordMention>;
    case "emoji":
    case "twemoji":
      return textOf(node["name"]);
    default:
      return content;
  }
}

const isBreak = (node: Node | undefined): boolean => node?.type === "br" || node?.type === "newline";
/** These end their line by themselves. */
const isBlock = (node: Node | undefined): boolean =>
  node !== undefined && ["heading", "subtext", "codeBlock", "blockQuote"].includes(node.type);

/** At the start of a line a dash is a list's bullet, further in for each two spaces before it. */
const withBullet = (text: string): string =>
  text.replace(/^( *)[-*] (?=\S)/, (_, before: string) =>
    before.length > 1 ? `${"\u2003".repeat(before.length / 2)}◦ ` : "• ",
  );

function Nodes({ nodes, here }: { readonly nodes: readonly Node[]; readonly here: Here }) {
  return nodes.map((node, index) => {
    const [before, after] = [nodes[index - 1], nodes[index + 1]];
    if (isBreak(node) && (isBlock(before) || isBlock(after))) return null;
    const text: unknown = node["content"];
    const starts = before === undefined || isBreak(before) || isBlock(before);
    return (
      <span key={index}>
        {node.type === "text" && starts && typeof text === "string" ? withBullet(text) : draw(node, here)}
      </span>
    );
  });
}

export function Markdown({ text }: { readonly text: string }) {
  const here = useHere();
  return <Nodes nodes={parse(text, "extended")} here={here} />;
}
