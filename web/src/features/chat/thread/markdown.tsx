// Markdown as React elements: no HTML string exists on the way, so there is nothing to sanitise.
import { i18n } from "@lingui/core";
import { Check, Copy } from "lucide-react";
import type { Token, Tokens } from "marked";
import { Fragment, memo, type ReactNode, useMemo, useState } from "react";
import { Boundary } from "../../../ui/boundary";
import { copyText } from "../../../ui/copy-button";
import { DEEPEST, lex } from "./lex";

const ENTITIES: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };
const unescaped = (text: string) => text.replace(/&(amp|lt|gt|quot|#39);/g, (found) => ENTITIES[found] ?? found);

/** Only addresses that lead somewhere harmless become links. */
export function safeHref(href: string): string | null {
  try {
    const url = new URL(href, "https://invalid.invalid");
    if (url.hostname === "invalid.invalid") return null;
    return ["https:", "http:", "mailto:", "tel:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

function CodeBlock({ code, language }: { code: string; language: string }) {
  const [copied, setCopied] = useState(false);
  const Icon = copied ? Check : Copy;
  return (
    <div className="my-1.5 overflow-hidden rounded-control border border-line bg-canvas text-ink">
      <div className="flex items-center justify-between gap-2 border-b border-line ps-3 pe-1 text-xs text-muted">
        <span className="font-mono">{language}</span>
        <button
          type="button"
          className="inline-flex min-h-7 items-center gap-1 rounded-control px-2 hover:bg-hover hover:text-ink"
          onClick={async () => setCopied(await copyText(code))}
        >
          <Icon size={13} aria-hidden />
          {copied ? i18n.t("Copied") : i18n.t("Copy")}
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines must be reachable by keyboard */}
      <pre tabIndex={0} className="scroll-y max-h-96 overflow-x-auto px-3 py-2 font-mono text-sm leading-normal">
        <code>{code}</code>
      </pre>
    </div>
  );
}

/** Lines keep the room they begin with: code is often pasted without a word that it is code. */
const paragraphLook = "whitespace-pre-wrap not-first:mt-2";

const plain = (text: string) => <span className="whitespace-pre-wrap">{text}</span>;

function inline(tokens: Token[] | undefined, depth: number): ReactNode {
  if (!tokens) return null;
  if (depth > DEEPEST) return plain(tokens.map((token) => token.raw).join(""));
  return tokens.map((token, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: tokens of one text never move
    return <Fragment key={index}>{one(token, depth + 1)}</Fragment>;
  });
}

function link(token: Tokens.Link | Tokens.Image, depth: number): ReactNode {
  const href = safeHref(token.href);
  const words = "tokens" in token && token.tokens ? inline(token.tokens, depth) : token.text || token.href;
  if (!href) return words;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer" className="underline decoration-1 underline-offset-2">
      {words}
    </a>
  );
}

function list(token: Tokens.List, depth: number): ReactNode {
  const items = token.items.map((item, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: tokens of one text never move
    <li key={index} className={item.task ? "list-none" : undefined}>
      {item.task && (item.checked ? "☑ " : "☐ ")}
      {inline(item.tokens, depth)}
    </li>
  ));
  if (!token.ordered) return <ul className="my-1 list-disc ps-5">{items}</ul>;
  return (
    <ol start={Number(token.start) || 1} className="my-1 list-decimal ps-6">
      {items}
    </ol>
  );
}

function one(token: Token, depth: number): ReactNode {
  switch (token.type) {
    case "paragraph":
      return <p className={paragraphLook}>{inline(token.tokens, depth)}</p>;
    case "heading":
      return <p className="font-semibold not-first:mt-2">{inline(token.tokens, depth)}</p>;
    case "blockquote":
      return <blockquote className="my-1 border-s-2 border-current/30 ps-3">{inline(token.tokens, depth)}</blockquote>;
    case "code":
      return <CodeBlock code={token.text} language={token.lang ?? ""} />;
    case "list":
      return list(token as Tokens.List, depth);
    case "hr":
      return <hr className="my-2 border-current/25" />;
    case "strong":
      return <strong className="font-semibold">{inline(token.tokens, depth)}</strong>;
    case "em":
      return <em>{inline(token.tokens, depth)}</em>;
    case "del":
      return <del>{inline(token.tokens, depth)}</del>;
    case "codespan":
      return <code className="rounded-[4px] bg-ink/8 px-1 py-px font-mono text-[0.9em]">{unescaped(token.text)}</code>;
    case "link":
    case "image":
      return link(token as Tokens.Link, depth);
    case "br":
      return (
        <>
          <br />
          {token.raw.slice(token.raw.indexOf("\n") + 1)}
        </>
      );
    case "space":
    case "def":
      return null;
    case "text":
    case "escape":
      return token.type === "text" && token.tokens ? inline(token.tokens, depth) : unescaped(token.text);
    default:
      // Tables and HTML stay as they were written.
      return plain(token.raw);
  }
}

type Props = { text: string /** Stands behind the last word, on its line where that is possible. */; tail?: ReactNode };

/** The text as it was written. */
function WithoutMarks({ text, tail }: Props) {
  return (
    <span className="whitespace-pre-wrap">
      {text}
      {tail}
    </span>
  );
}

export const Markdown = memo(function Markdown({ text, tail }: Props) {
  const tokens = useMemo(() => lex(text), [text]);
  if (!tokens) return <WithoutMarks text={text} tail={tail} />;
  const last = tokens.at(-1);
  if (last?.type !== "paragraph") {
    return (
      <>
        {inline(tokens, 0)}
        {tail}
      </>
    );
  }
  return (
    <>
      {inline(tokens.slice(0, -1), 0)}
      <p className={paragraphLook}>
        {inline(last.tokens, 1)}
        {tail}
      </p>
    </>
  );
});

/** A text whose looks fail still shows its words. */
export function MessageText(props: Props) {
  return (
    <Boundary key={props.text} fallback={() => <WithoutMarks {...props} />}>
      <Markdown {...props} />
    </Boundary>
  );
}

const EMOJI_ONLY = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\uFE0F|\u200D|\s)+$/u;

/** One to three emoji and nothing else are shown large. */
export function isEmojiOnly(text: string): boolean {
  if (text.length > 40 || !EMOJI_ONLY.test(text)) return false;
  const count = [...new Intl.Segmenter().segment(text.replace(/\s/g, ""))].length;
  return count > 0 && count <= 3;
}
