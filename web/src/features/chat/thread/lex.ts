// The parts of a text in Markdown, for a cost that has a limit: what somebody wrote must never hold up those who read it.
import { Lexer, type Token, Tokenizer } from "marked";

const MAY_BE_MARKDOWN = /[*_~`[\]#>|\\&<]|^[ \t]*([-+]|\d+[.)])\s|https?:|www\.|\S@\S|\n\s*\n/m;
/** Levels within each other that are shown as such; what lies deeper stays as it was written. */
export const DEEPEST = 20;
/** Characters that are looked through for the ends of marks, over and over, in one text. */
const BUDGET = 600_000;

/**
 * A mark that begins is looked for its end in all that follows, and what lies between is read again for marks within.
 * A few thousand of them in one message would take seconds: each pays for what it may look through, and when nothing is
 * left, the rest stays as it was written.
 */
class Thrifty extends Tokenizer {
  private left = BUDGET;
  private level = 0;

  private pays(src: string): boolean {
    this.left -= src.length;
    return this.left >= 0;
  }

  private within<T>(read: () => T): T | undefined {
    if (this.level >= DEEPEST) return undefined;
    this.level += 1;
    try {
      return read();
    } finally {
      this.level -= 1;
    }
  }

  /** Code stands between backticks. Room at the beginning of a line is only room, with a blank line before it or without. */
  override code() {
    return undefined;
  }
  override emStrong(src: string, masked: string, before?: string) {
    if (!/^[*_]/.test(src) || !this.pays(src)) return undefined;
    return this.within(() => super.emStrong(src, masked, before));
  }
  override del(src: string, masked: string, before?: string) {
    if (!src.startsWith("~") || !this.pays(src)) return undefined;
    return this.within(() => super.del(src, masked, before));
  }
  override link(src: string) {
    if (!/^!?\[/.test(src) || !this.pays(src)) return undefined;
    return this.within(() => super.link(src));
  }
  override reflink(src: string, links: Parameters<Tokenizer["reflink"]>[1]) {
    if (!/^!?\[/.test(src) || !this.pays(src)) return undefined;
    return this.within(() => super.reflink(src, links));
  }
  override inlineText(src: string) {
    if (this.left >= 0) return super.inlineText(src);
    return { type: "text", raw: src, text: src, escaped: false } as const;
  }
  override blockquote(src: string) {
    return this.within(() => super.blockquote(src));
  }
  override list(src: string) {
    return this.within(() => super.list(src));
  }
}

/** The parts of a text, or null when it stays as it was written. */
export function lex(text: string): Token[] | null {
  if (!MAY_BE_MARKDOWN.test(text)) return null;
  try {
    return Lexer.lex(text, { gfm: true, breaks: true, tokenizer: new Thrifty() });
  } catch {
    // Whatever a library cannot read is still a text.
    return null;
  }
}
