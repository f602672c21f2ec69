import { i18n } from "@lingui/core";

export const MAX_BODY = 8000;
const COUNT_FROM = 7500;

/** Nothing, until the end comes near. */
export function CharactersLeft({ body }: { body: string }) {
  if (body.length <= COUNT_FROM) return null;
  const left = MAX_BODY - [...body].length;
  return (
    <p role="status" className="tabular px-3 pt-1 text-xs text-muted">
      {left < 0
        ? i18n.t("{count} characters too many", { count: -left })
        : i18n.t("{count} characters left", { count: left })}
    </p>
  );
}
