// A phone number while somebody types or pastes it: what is meant, as far as lengths and prefixes tell.
// The server has the numbering plans; this only says beforehand whom a text would reach, and then asks for exactly that.

/** Signs that are not seen: they hold directions or nothing, and come along with what is copied from a page. */
const UNSEEN = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;

/** Digits of any script stand in Unicode in runs of ten, zero first. */
function digitValue(digit: string): string {
  const code = digit.codePointAt(0) as number;
  let first = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return String((code - first) % 10);
}

/** In the digits and signs of ASCII, without `tel:` and what follows the number there. */
export function plainNumber(text: string): string {
  return text
    .normalize("NFKC")
    .replace(UNSEEN, "")
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/\p{Nd}/gu, digitValue)
    .trim()
    .replace(/^tel:([^;]*).*$/is, "$1")
    .trim();
}

/** Whether somebody seems to type a phone number: digits and the signs that people put between them. */
export function looksLikeNumber(text: string): boolean {
  const typed = plainNumber(text);
  return /^\+?[\d\s().\-/]+$/.test(typed) && digitsOf(typed).length >= 3;
}

/** What stands in every way to write it: neither signs nor the zero that is dialled at home only. */
export const searchedDigits = (text: string) => digitsOf(plainNumber(text)).replace(/^0+/, "");

const digitsOf = (text: string) => text.replace(/\D/g, "");

/**
 * Calling codes: who has them (the main country first), what is dialled before a number at home, and how many digits
 * follow the code. From libphonenumber 9.0.42, as crates/phone/data; Apache License 2.0.
 */
const PLANS = `
  1USAGAIASBBBMBSCADMDOGDGUJMKNKYLCMPMSPRSXTCTTVCVGVI1:10-10 7RUKZ8:10-10 20EG0:8-10 27ZA0:5-9 30GR:10-10
  31NL0:9-11 32BE0:8-9 33FR0:9-9 34ES:9-9 36HU06:8-9 39ITVA:6-12 40RO0:6-9 41CH0:9-9 43AT0:4-13 44GBGGIMJE0:9-10
  45DK:8-8 46SE0:7-9 47NOSJ:8-8 48PL:7-9 49DE0:5-15 51PE0:8-9 52MX:10-10 53CU0:6-10 54AR0:10-11 55BR0:10-11
  56CL:9-9 57CO0:8-10 58VE0:10-10 60MY0:8-10 61AUCCCX0:9-9 62ID0:7-12 63PH0:6-10 64NZ0:8-10 65SG:8-8 66TH0:8-9
  81JP0:9-10 82KR0:5-11 84VN0:9-10 86CN0:7-11 90TR0:10-10 91IN0:10-10 92PK0:9-10 93AF0:9-9 94LK0:9-9 95MM0:6-10
  98IR0:6-10 211SS0:9-9 212MAEH0:9-9 213DZ0:8-9 216TN:8-8 218LY0:9-9 220GM:7-9 221SN:9-9 222MR:8-8 223ML:8-8
  224GN:8-9 225CI:10-10 226BF:8-8 227NE:8-8 228TG:8-8 229BJ:8-10 230MU:7-8 231LR0:7-9 232SL0:8-8 233GH0:9-9
  234NG0:10-10 235TD:8-8 236CF:8-8 237CM:9-9 238CV:7-7 239ST:7-7 240GQ:9-9 241GA:7-8 242CG:9-9 243CD0:7-10
  244AO:9-9 245GW:7-9 246IO:7-7 247AC:5-5 248SC:7-7 249SD0:9-9 250RW0:8-9 251ET0:9-9 252SO0:6-9 253DJ:8-8
  254KE0:7-9 255TZ0:9-9 256UG0:9-9 257BI:8-8 258MZ:8-9 260ZM0:9-9 261MG0:9-9 262REYT0:9-9 263ZW0:7-10 264NA0:8-9
  265MW0:7-9 266LS:8-8 267BW:7-8 268SZ:8-8 269KM:7-7 290SHTA:4-5 291ER0:7-7 297AW:7-7 298FO:6-6 299GL:6-6
  350GI:8-8 351PT:9-9 352LU:4-11 353IE0:7-10 354IS:7-9 355AL0:8-9 356MT:8-8 357CY:8-8 358FIAX0:5-10 359BG0:6-9
  370LT0:8-8 371LV:8-8 372EE:7-8 373MD0:8-8 374AM0:8-8 375BY8:9-9 376AD:6-9 377MC0:8-9 378SM:8-10 380UA0:9-9
  381RS0:7-12 382ME0:8-8 383XK0:8-12 385HR0:8-9 386SI0:8-8 387BA0:8-9 389MK0:8-8 420CZ:9-9 421SK0:6-9 423LI0:7-9
  500FK:5-5 501BZ:7-7 502GT:8-8 503SV:8-8 504HN:8-8 505NI:8-8 506CR:8-8 507PA:7-8 508PM0:6-9 509HT:8-8
  590GPBLMF0:9-9 591BO0:8-8 592GY:7-7 593EC0:8-9 594GF0:9-9 595PY0:7-9 596MQ0:9-9 597SR:6-7 598UY0:8-8 599CWBQ:7-8
  670TL:7-8 672NF:6-6 673BN:7-7 674NR:7-7 675PG:7-8 676TO:5-7 677SB:5-7 678VU:5-7 679FJ:7-7 680PW:7-7 681WF:6-6
  682CK:5-5 683NU:4-7 685WS:5-10 686KI0:5-8 687NC:6-6 688TV:5-7 689PF:8-8 690TK:4-7 691FM:7-7 692MH1:7-7
  850KP0:8-10 852HK:8-8 853MO:8-8 855KH0:8-9 856LA0:8-10 880BD0:6-10 886TW0:8-11 960MV:7-7 961LB0:7-8 962JO0:8-9
  963SY0:8-9 964IQ0:8-10 965KW:8-8 966SA0:9-9 967YE0:7-9 968OM:8-8 970PS0:8-9 971AE0:8-9 972IL0:8-12 973BH:8-8
  974QA:8-8 975BT:7-8 976MN0:8-10 977NP0:8-10 992TJ:9-9 993TM8:8-8 994AZ0:9-9 995GE0:9-9 996KG0:9-9 998UZ:9-9
`;

type Plan = { code: string; countries: string; prefix: string; least: number; most: number };

const plans: Plan[] = [...PLANS.matchAll(/(\d+)([A-Z]+)(\d*):(\d+)-(\d+)/g)].map(
  ([, code = "", countries = "", prefix = "", least, most]) => ({
    code,
    countries,
    prefix,
    least: Number(least),
    most: Number(most),
  }),
);

const planOf = (country: string) => plans.find(({ countries }) => countries.match(/../g)?.includes(country));
const planAbroad = (digits: string) => plans.find(({ code }) => digits.startsWith(code));

const NORTH_AMERICA = "003";

function placeOf({ code, countries }: Plan, national: string): string {
  // Two dozen countries share +1, and only the digits after it tell which.
  if (code === "1") return NORTH_AMERICA;
  return code === "7" && /^[67]/.test(national) ? "KZ" : countries.slice(0, 2);
}

/** E.164: a plus and fifteen digits. */
const MOST_SIGNS = 16;

/** What is dialled before the calling code, where it is not two zeros. */
const ABROAD: Record<string, string> = { "1": "011", "7": "810", "61": "0011", "81": "010" };

export type Meant =
  /** `to` is asked for; `country` says whose number it is, as far as its calling code does. */
  | { kind: "number"; to: string; country: string }
  /** Known to the networks of one country only. */
  | { kind: "short"; to: string; country: string }
  | { kind: "too_short" }
  | { kind: "unclear" };

function abroad(digits: string): Meant {
  const plan = planAbroad(digits);
  if (!plan) return digits.length < 4 ? { kind: "too_short" } : { kind: "unclear" };
  const rest = digits.slice(plan.code.length);
  // +44 (0)7700: people write along what is dialled at home only. In Italy and elsewhere the zero belongs to the number.
  const national = plan.prefix === "0" ? rest.replace(/^0/, "") : rest;
  if (national.length < plan.least) return { kind: "too_short" };
  const to = `+${plan.code}${national}`;
  return to.length > MOST_SIGNS ? { kind: "unclear" } : { kind: "number", to, country: placeOf(plan, national) };
}

/** Whom it would reach, dialled in `country`. */
export function readTyped(text: string, country: string): Meant {
  const typed = plainNumber(text);
  const digits = digitsOf(typed);
  if (typed.startsWith("+")) return abroad(digits);
  const plan = planOf(country);
  if (!plan) return { kind: "unclear" };
  const exit = ABROAD[plan.code] ?? "00";
  if (digits.startsWith(exit)) return abroad(digits.slice(exit.length));
  // No number begins with the zero of home, but one may begin with another digit that is dialled before it.
  const isOpen = plan.prefix.startsWith("0") || digits.length > plan.most;
  const hasPrefix = plan.prefix !== "" && isOpen && digits.startsWith(plan.prefix);
  const national = hasPrefix ? digits.slice(plan.prefix.length) : digits;
  if (national.length < plan.least) {
    const isShort = !hasPrefix && /^\d{3,6}$/.test(typed);
    return isShort ? { kind: "short", to: digits, country } : { kind: "too_short" };
  }
  if (national.length <= plan.most) {
    return { kind: "number", to: `+${plan.code}${national}`, country: placeOf(plan, national) };
  }
  // The calling code without its plus.
  return digits.startsWith(plan.code) ? abroad(digits) : { kind: "unclear" };
}
