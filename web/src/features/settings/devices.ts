// A browser's long name as people would say it.
const BROWSERS: [RegExp, string][] = [
  [/\bEdg\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bFirefox\//, "Firefox"],
  [/\bChrome\/|\bCriOS\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];
const SYSTEMS: [RegExp, string][] = [
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Windows/, "Windows"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];

const find = (list: [RegExp, string][], text: string) => list.find(([pattern]) => pattern.test(text))?.[1];

export function describeDevice(userAgent: string | null): { name: string | null; mobile: boolean } {
  const text = userAgent ?? "";
  const parts = [find(BROWSERS, text), find(SYSTEMS, text)].filter(Boolean);
  return {
    name: parts.length > 0 ? parts.join(" · ") : text.slice(0, 60) || null,
    mobile: /Mobile|Android|iPhone/.test(text),
  };
}
