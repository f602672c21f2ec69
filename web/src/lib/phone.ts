// Phone numbers as people read them. The server decides what is a number; this only puts spaces into one.

const ONE_DIGIT = /^[17]/;
const TWO_DIGITS = /^(2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

/** Where a country's usual way differs from groups of three and four; with a digit more, what begins with it. */
const GROUPS: Record<string, number[]> = {
  "1": [3, 3, 4],
  "7": [3, 3, 2, 2],
  "33": [1, 2, 2, 2, 2],
  "34": [3, 3, 3],
  "44": [4, 6],
  "442": [2, 4, 4],
  "45": [2, 2, 2, 2],
  "47": [3, 2, 3],
  "48": [3, 3, 3],
};

function callingCode(digits: string): string {
  if (ONE_DIGIT.test(digits)) return digits.slice(0, 1);
  return digits.slice(0, TWO_DIGITS.test(digits) ? 2 : 3);
}

function inGroups(digits: string, sizes: number[]): string[] {
  let at = 0;
  return sizes.map((size) => {
    at += size;
    return digits.slice(at - size, at);
  });
}

/** What follows the area: 7 as 3 and 4, 8 as 4 and 4; short ones stay whole. */
function subscriber(digits: string): string[] {
  if (digits.length <= 5) return [digits];
  const first = digits.length - (digits.length === 6 ? 3 : 4);
  return first <= 4
    ? [digits.slice(0, first), digits.slice(first)]
    : [...subscriber(digits.slice(0, first)), digits.slice(first)];
}

/** +1 415 555 0142. What is no number in E.164, such as the name of a sender, stays as it is. */
export function formatPhone(number: string, areaCode = ""): string {
  if (!/^\+[1-9]\d{6,14}$/.test(number)) return number;
  const digits = number.slice(1);
  const code = callingCode(digits);
  const rest = digits.slice(code.length);
  const isOfArea = areaCode !== "" && rest.startsWith(areaCode);
  const groups = isOfArea ? undefined : (GROUPS[code + rest[0]] ?? GROUPS[code]);
  if (groups && groups.reduce((sum, size) => sum + size, 0) === rest.length) {
    return `+${code} ${inGroups(rest, groups).join(" ")}`;
  }
  const area = isOfArea ? areaCode.length : 3;
  return `+${code} ${[rest.slice(0, area), ...subscriber(rest.slice(area))].filter(Boolean).join(" ")}`;
}

/** The last four digits, by which people tell their numbers apart. */
export const lastDigits = (number: string) => number.slice(-4);

const SHORT = /^short:[A-Z]{2}:(\d{3,8})$/;
const NUMBER = /^\+[1-9]\d{5,14}$/;

/** +14155550142 → +1 415 555 0142 · short:US:24273 → 24273 · a name stays as it is. */
export const formatParty = (party: string) => SHORT.exec(party)?.[1] ?? formatPhone(party);

/** Whether it is a name, which nobody can answer. */
export const isName = (party: string) => !NUMBER.test(party) && !SHORT.test(party);
