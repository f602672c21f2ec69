/** Joins class names, leaving out what is false. */
export function cx(...parts: (string | false | null | undefined | 0 | 0n)[]): string {
  return parts.filter(Boolean).join(" ");
}
