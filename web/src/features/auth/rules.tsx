import { i18n } from "@lingui/core";
import { useQuery } from "@tanstack/react-query";
import { Check, Circle, X } from "lucide-react";
import { checkPassword, checkUsername } from "../../api/calls";
import { cx } from "../../lib/cx";
import { codeText } from "../../lib/problem-text";
import { useDebounced } from "../../lib/use-debounced";

const SETTLE_MS = 350;
export const USERNAME = /^[A-Za-z0-9][A-Za-z0-9._-]{2,29}$/;
export const MIN_PASSWORD = 10;

type State = "open" | "met" | "broken";

function Rule({ state, text }: { state: State; text: string }) {
  const Icon = state === "met" ? Check : state === "broken" ? X : Circle;
  return (
    <li className={cx("flex items-center gap-1.5", state === "met" && "text-ok", state === "broken" && "text-danger")}>
      <Icon size={state === "open" ? 9 : 14} className="w-3.5 shrink-0" aria-hidden />
      {text}
      <span className="sr-only">
        {state === "met" ? i18n.t("fulfilled") : state === "broken" ? i18n.t("not fulfilled") : ""}
      </span>
    </li>
  );
}

export const usernameRule = () => i18n.t("3 to 30 characters: a to z, 0 to 9, . _ - and no spaces");

/** The rules of a user name, ticked off while it is written; the last one asks the server. */
export function UsernameRules({ username, refused }: { username: string; refused: boolean }) {
  const settled = useDebounced(username, SETTLE_MS);
  const wellFormed = USERNAME.test(username);
  const check = useQuery({
    queryKey: ["check-username", settled],
    queryFn: ({ signal }) => checkUsername(settled, { signal }),
    enabled: USERNAME.test(settled),
  });
  const known = wellFormed && settled === username ? check.data : undefined;
  const code = known && !known.available ? (known.code ?? "username_taken") : null;
  const taken = code && (code === "username_taken" ? i18n.t("Taken already") : codeText(code));
  return (
    <ul className="flex flex-col gap-0.5">
      <Rule state={wellFormed ? "met" : refused || username.length >= 3 ? "broken" : "open"} text={usernameRule()} />
      <Rule
        state={known?.available ? "met" : taken ? "broken" : "open"}
        text={taken ?? (known?.available ? i18n.t("Free") : i18n.t("Not the name of somebody else"))}
      />
    </ul>
  );
}

const STRENGTH = [
  () => i18n.t("Very easy to guess"),
  () => i18n.t("Easy to guess"),
  () => i18n.t("Could be guessed"),
  () => i18n.t("Hard to guess"),
  () => i18n.t("Very hard to guess"),
];

export function PasswordRules({ password, username, email }: { password: string; username?: string; email?: string }) {
  const settled = useDebounced(password, SETTLE_MS);
  const check = useQuery({
    queryKey: ["check-password", settled, username, email],
    queryFn: ({ signal }) =>
      checkPassword({ password: settled, username: username || undefined, email: email || undefined }, { signal }),
    enabled: settled.length > 0,
    gcTime: 0,
  });
  const known = settled === password && password ? check.data : undefined;
  const score = known?.score ?? 0;
  return (
    <div className="flex flex-col gap-2">
      <div aria-hidden className="grid grid-cols-4 gap-1 pt-0.5">
        {[1, 2, 3, 4].map((step) => (
          <span
            key={step}
            className={cx(
              "h-1 rounded-full transition-colors",
              score < step ? "bg-line" : score >= 3 ? "bg-ok" : "bg-warn",
            )}
          />
        ))}
      </div>
      <ul className="flex flex-col gap-0.5">
        <Rule
          state={password.length >= MIN_PASSWORD ? "met" : "open"}
          text={i18n.t("At least {count} characters", { count: MIN_PASSWORD })}
        />
        <Rule
          state={known?.acceptable || score >= 3 ? "met" : known && password.length >= MIN_PASSWORD ? "broken" : "open"}
          text={known ? (STRENGTH[score]?.() ?? "") : i18n.t("Hard to guess")}
        />
      </ul>
      {known?.warning && <p>{known.warning}</p>}
    </div>
  );
}
