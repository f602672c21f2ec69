// Which encoding a text needs and where a long one is cut, by the same rules as the server (crates/phone): 3GPP TS 23.038.
// Never changes the text: joined again, the segments say every character of it.

export type Encoding = "gsm7" | "ucs2";
export type Segment = { text: string; units: number };
export type Split = { encoding: Encoding; segments: Segment[] };

/** More than this in one text is refused by the server. */
export const MAX_SEGMENTS = 10;

const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENDED = new Set("\f^{}\\[~]|€");
const ALONE = { gsm7: 160, ucs2: 70 };
const IN_PART = { gsm7: 153, ucs2: 67 };

const isGsm = (character: string) => BASIC.has(character) || EXTENDED.has(character);
const unitsOf = (encoding: Encoding, character: string) =>
  encoding === "ucs2" ? character.length : EXTENDED.has(character) ? 2 : 1;

/** Only what reads the same: marks that word processors put in. Never letters: `é` is another word than `e`. */
const PLAIN: Record<string, string> = {};
for (const [characters, plain] of [
  ["‘’‚‛′‹›`´", "'"],
  ["“”„‟″«»", '"'],
  ["‐‑‒–—―−•·", "-"],
  ["…", "..."],
  ["⁄∕", "/"],
  ["\t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "],
  ["\u2028\u2029\u0085", "\n"],
  ["\u00ad\u200b\u2060\ufeff", ""],
] as const) {
  for (const character of characters) PLAIN[character] = plain;
}

/** Cuts a text into the fewest segments that can hold it; there is always one. */
export function splitText(text: string): Split {
  const characters = [...text];
  const encoding = characters.every(isGsm) ? "gsm7" : "ucs2";
  const units = characters.map((character) => unitsOf(encoding, character));
  const sum = units.reduce((all, each) => all + each, 0);
  if (sum <= ALONE[encoding]) return { encoding, segments: [{ text, units: sum }] };
  const { reach, fewest } = plan(units, IN_PART[encoding]);
  const borders = clusterBorders(text, characters, encoding);
  const segments: Segment[] = [];
  for (let from = 0; from < characters.length; ) {
    const to = cut(from, reach, fewest, borders);
    const held = units.slice(from, to).reduce((all, each) => all + each, 0);
    segments.push({ text: characters.slice(from, to).join(""), units: held });
    from = to;
  }
  return { encoding, segments };
}

/** How far a segment reaches from each character, and how many more the rest needs. Filling each gives the fewest. */
function plan(units: number[], limit: number) {
  const count = units.length;
  const reach = new Array<number>(count + 1).fill(count);
  const fewest = new Array<number>(count + 1).fill(0);
  let end = count;
  let held = 0;
  for (let from = count - 1; from >= 0; from -= 1) {
    held += units[from]!;
    while (held > limit) {
      end -= 1;
      held -= units[end]!;
    }
    reach[from] = end;
    fewest[from] = 1 + fewest[end]!;
  }
  return { reach, fewest };
}

/** The last border of a cluster that can be reached and leaves a rest of no more segments; else as far as it goes. */
function cut(from: number, reach: number[], fewest: number[], borders: Set<number>): number {
  const furthest = reach[from]!;
  if (furthest === fewest.length - 1) return furthest;
  for (let to = furthest; to > from && fewest[to] === fewest[furthest]; to -= 1) if (borders.has(to)) return to;
  return furthest;
}

/** Where a character begins that people see as one (a flag, a family, a letter with its accents), by its index. */
function clusterBorders(text: string, characters: string[], encoding: Encoding): Set<number> {
  const borders = new Set<number>();
  if (encoding === "gsm7") {
    for (let at = 0; at < characters.length; at += 1) {
      if (characters[at] !== "\n" || characters[at - 1] !== "\r") borders.add(at);
    }
    return borders;
  }
  const starts = new Set<number>();
  for (const { index } of new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text)) starts.add(index);
  let offset = 0;
  for (const [at, character] of characters.entries()) {
    if (starts.has(offset)) borders.add(at);
    offset += character.length;
  }
  return borders;
}

export type Offender = { character: string; replacement: string | null };

/** The characters that force Unicode, each once, in the order of the text. */
export function offenders(text: string): Offender[] {
  const found = new Set([...text].filter((character) => !isGsm(character)));
  return [...found].map((character) => ({ character, replacement: PLAIN[character] ?? null }));
}

/** The text with one character replaced wherever it stands. */
export const plainer = (text: string, { character, replacement }: Offender) =>
  replacement === null ? text : text.replaceAll(character, replacement);
