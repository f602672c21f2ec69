// Numbers as people read them. What is true of a number only the server knows; this groups digits.

const ONE = new Set(["1", "7"]);
const TWO = new Set(
  "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98".split(
    " ",
  ),
);
const SHORT = /^short:[A-Z]{2}:(\d{3,8})$/;
const NUMBER = /^\+[1-9]\d{5,14}$/;

function callingCode(digits: string): string {
  if (ONE.has(digits.slice(0, 1))) return digits.slice(0, 1);
  return digits.slice(0, TWO.has(digits.slice(0, 2)) ? 2 : 3);
}

/** The lengths of the groups after the calling code. */
function groups(code: string, count: number): number[] {
  if (code === "1" && count === 10) return [3, 3, 4];
  if (code === "44" && count === 10) return [4, 6];
  if (code === "33" && count === 9) return [1, 2, 2, 2, 2];
  if (code === "49" && count > 8) return [count > 10 ? 4 : 3, count - (count > 10 ? 4 : 3)];
  if (count <= 4) return [count];
  // Threes, and fours at the end rather than a lone digit.
  const fours = count % 3;
  return [...Array<number>(Math.max(0, (count - fours * 4) / 3)).fill(3), ...Array<number>(fours).fill(4)];
}

/** +14155550142 → +1 415 555 0142 · short:US:24273 → 24273 · a name stays as it is. */
export function formatParty(party: string): string {
  const short = SHORT.exec(party);
  if (short) return short[1] as string;
  if (!NUMBER.test(party)) return party;
  const digits = party.slice(1);
  const code = callingCode(digits);
  let rest = digits.slice(code.length);
  const parts = groups(code, rest.length).map((length) => {
    const part = rest.slice(0, length);
    rest = rest.slice(length);
    return part;
  });
  return `+${[code, ...parts].join(" ")}`;
}

/** Whether it is a name, which nobody can answer. */
export const isName = (party: string) => !NUMBER.test(party) && !SHORT.test(party);

/** Whether somebody seems to type a phone number: digits and the signs that people put between them. */
export function looksLikeNumber(text: string): boolean {
  const typed = text.trim();
  return /^\+?[\d\s().\-/]+$/.test(typed) && typed.replace(/\D/g, "").length >= 3;
}

/** As far as it can be grouped while it is typed. */
export function formatTyped(text: string): string {
  const compact = text.replace(/[\s().\-/]/g, "");
  return NUMBER.test(compact) ? formatParty(compact) : text.trim();
}
