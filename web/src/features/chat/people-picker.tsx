import { i18n } from "@lingui/core";
import { useQuery } from "@tanstack/react-query";
import { Check, Search, UserRoundPlus, X } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { findUsers } from "../../api/calls";
import type { User } from "../../api/types";
import { cx } from "../../lib/cx";
import { moveFocus } from "../../lib/keyboard";
import { problemText } from "../../lib/problem-text";
import { useDebounced } from "../../lib/use-debounced";
import { getChat } from "../../realtime/chat-store";
import { Avatar } from "../../ui/avatar";
import { Empty } from "../../ui/empty";
import { inputLook } from "../../ui/field";
import { recentPeople, userName } from "./conversations";

type Props = {
  onPick: (user: User) => void;
  picked?: User[];
  without?: (id: string) => boolean;
  field?: React.RefObject<HTMLInputElement | null>;
  /** What else could be meant by what is typed; null for nothing. */
  offer?: (typed: string) => ReactNode;
};

const SETTLE_MS = 200;
const SHOWN = 20;

/** As the server compares: the beginning of the user name, or of a word of the full name. */
function isCalled(user: User, text: string): boolean {
  const wanted = text.replace(/^@/, "").toLocaleLowerCase();
  return [user.username, user.full_name, ...user.full_name.split(" ")].some((name) =>
    name.toLocaleLowerCase().startsWith(wanted),
  );
}

/** Whom I wrote with last, then others: what to show before the server answers, or before anybody is looked for. */
const known = (others: User[], text: string) =>
  [...new Map([...recentPeople(getChat()), ...others].map((user) => [user.id, user])).values()].filter((user) =>
    isCalled(user, text),
  );

/** Finds people by the beginning of a name, or by a whole email address. */
export function PeoplePicker({ onPick, picked = [], without, field, offer }: Props) {
  const [text, setText] = useState("");
  const wanted = useDebounced(text.trim(), SETTLE_MS);
  const id = useId();
  const found = useQuery({
    queryKey: ["find-users", wanted],
    queryFn: ({ signal }) => findUsers(wanted, { signal }),
    placeholderData: (before) => before,
  });
  const typed = text.trim();
  const answer = found.data?.users ?? [];
  const settled = wanted === typed && found.isSuccess && !found.isPlaceholderData;
  const users = (typed && settled ? answer : known(answer, typed))
    .filter((user) => !without?.(user.id))
    .slice(0, SHOWN);
  const offered = typed ? offer?.(typed) : null;
  const isPicked = (user: User) => picked.some((other) => other.id === user.id);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move within the list of results
    <div onKeyDown={(event) => moveFocus(event, "[data-person]")}>
      {picked.length > 0 && (
        <ul className="mb-2 flex flex-wrap gap-1.5" aria-label={i18n.t("Chosen")}>
          {picked.map((user) => (
            <li key={user.id}>
              <button
                type="button"
                onClick={() => onPick(user)}
                className="inline-flex h-8 items-center gap-1.5 rounded-full border border-line bg-surface ps-1 pe-2 text-sm hover:bg-hover touch:h-11"
              >
                <Avatar id={user.id} name={userName(user)} url={user.avatar_url} size="xs" />
                <span className="sr-only">{i18n.t("Remove {name}", { name: userName(user) })}</span>
                <span aria-hidden>{userName(user)}</span>
                <X size={14} aria-hidden className="text-muted" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="relative">
        <Search
          size={16}
          aria-hidden
          className="pointer-events-none absolute start-3 top-1/2 -translate-y-1/2 text-muted"
        />
        <input
          id={id}
          ref={field}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            const first = users[0];
            // Nobody who typed nothing means the first of the suggestions.
            if (event.key !== "Enter" || !typed || !first) return;
            event.preventDefault();
            onPick(first);
            setText("");
          }}
          autoComplete="off"
          aria-label={i18n.t("Find people")}
          placeholder={offer ? i18n.t("Name, email address or phone number") : i18n.t("Name, or a whole email address")}
          className={cx(inputLook, "h-10 ps-9 touch:h-11")}
        />
      </div>
      {offered && <div className="mt-2">{offered}</div>}
      <div className={cx("mt-2", offered ? "h-40" : "h-60")}>
        {found.isError && users.length === 0 && <p className="p-2 text-sm text-danger">{problemText(found.error)}</p>}
        {settled && typed && !offered && users.length === 0 && (
          <p className="p-2 text-sm text-muted">{i18n.t("Nobody found with that name.")}</p>
        )}
        {settled && !typed && users.length === 0 && (
          <Empty
            icon={UserRoundPlus}
            text={i18n.t("Nobody else is here yet.")}
            hint={i18n.t("Who joins this server can be found here by name.")}
          />
        )}
        <ul className="scroll-y h-full" aria-label={typed ? i18n.t("People found") : i18n.t("Suggestions")}>
          {users.map((user) => (
            <li key={user.id}>
              <button
                type="button"
                data-person={user.id}
                aria-pressed={picked.length > 0 ? isPicked(user) : undefined}
                onClick={() => {
                  onPick(user);
                  setText("");
                }}
                className="flex min-h-12 w-full items-center gap-3 rounded-control px-2 text-start -outline-offset-2 hover:bg-hover"
              >
                <Avatar id={user.id} name={userName(user)} url={user.avatar_url} />
                <span className="min-w-0 grow">
                  <span className="block truncate font-medium">{userName(user)}</span>
                  <span className="block truncate text-sm text-muted">@{user.username}</span>
                </span>
                {isPicked(user) && <Check size={18} aria-hidden className="text-accent" />}
              </button>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
