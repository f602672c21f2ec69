import { i18n } from "@lingui/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useRef, useState } from "react";
import { findUsers, shareNumber } from "../../../api/calls";
import type { NumberRole, NumberShares, PhoneNumber, User } from "../../../api/types";
import { cx } from "../../../lib/cx";
import { moveFocus } from "../../../lib/keyboard";
import { problemText } from "../../../lib/problem-text";
import { useDebounced } from "../../../lib/use-debounced";
import { Avatar } from "../../../ui/avatar";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { inputLook, Select } from "../../../ui/field";
import { showToast } from "../../../ui/toast";
import { roleText } from "../words";

const SETTLE_MS = 200;
const nameOf = (user: User) => user.full_name || user.username;

type Props = { number: PhoneNumber; known: NumberShares; onClose: () => void };

export function ShareDialog({ number, known, onClose }: Props) {
  const client = useQueryClient();
  const [person, setPerson] = useState<User | null>(null);
  const [role, setRole] = useState<NumberRole>("answer");
  const field = useRef<HTMLInputElement>(null);
  const share = useMutation({
    mutationFn: (user: User) => shareNumber(number.id, user.id, role),
    onSuccess: (_done, user) => {
      client.invalidateQueries({ queryKey: ["number-shares", number.id] });
      showToast(i18n.t("{name} sees this number now.", { name: nameOf(user) }));
      onClose();
    },
  });
  const has = new Set([known.owner.id, ...known.shares.map(({ user }) => user.id)]);
  return (
    <Dialog
      title={i18n.t("Share the number")}
      onClose={onClose}
      initialFocus={field}
      footer={
        <>
          <Button onClick={onClose}>{i18n.t("Cancel")}</Button>
          <Button
            look="primary"
            className="min-w-0"
            busy={share.isPending}
            disabled={!person}
            onClick={() => person && share.mutate(person)}
          >
            <span className="truncate">
              {person ? i18n.t("Share with {name}", { name: nameOf(person) }) : i18n.t("Share number")}
            </span>
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <People field={field} has={has} chosen={person} onChoose={setPerson} />
        <Select
          label={i18n.t("What they may do")}
          value={role}
          error={share.isError ? problemText(share.error) : null}
          onChange={(event) => setRole(event.target.value as NumberRole)}
        >
          <option value="answer">{roleText("answer")}</option>
          <option value="read">{roleText("read")}</option>
        </Select>
        {share.isError && (
          <p role="alert" className="sr-only">
            {problemText(share.error)}
          </p>
        )}
      </div>
    </Dialog>
  );
}

type PeopleProps = {
  field: React.RefObject<HTMLInputElement | null>;
  has: Set<string>;
  chosen: User | null;
  onChoose: (user: User) => void;
};

function People({ field, has, chosen, onChoose }: PeopleProps) {
  const [text, setText] = useState("");
  const wanted = useDebounced(text.trim(), SETTLE_MS);
  const found = useQuery({
    queryKey: ["find-users", wanted],
    queryFn: ({ signal }) => findUsers(wanted, { signal }),
    placeholderData: (before) => before,
  });
  const users = (found.data?.users ?? []).filter((user) => !has.has(user.id));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move within the list of results
    <div onKeyDown={(event) => moveFocus(event, "[data-person]")}>
      <div className="relative">
        <Search
          size={16}
          aria-hidden
          className="pointer-events-none absolute start-3 top-1/2 -translate-y-1/2 text-muted"
        />
        <input
          ref={field}
          value={text}
          autoComplete="off"
          onChange={(event) => setText(event.target.value)}
          aria-label={i18n.t("Find people")}
          placeholder={i18n.t("Name, or a whole email address")}
          className={cx(inputLook, "h-10 ps-9 touch:h-11")}
        />
      </div>
      <div className="mt-2 h-48">
        {found.isError && <p className="p-2 text-sm text-danger">{problemText(found.error)}</p>}
        {found.isSuccess && users.length === 0 && (
          <p className="p-2 text-sm text-muted">
            {wanted ? i18n.t("Nobody found with that name.") : i18n.t("Nobody else is here yet.")}
          </p>
        )}
        <ul className="scroll-y h-full" aria-label={i18n.t("People found")}>
          {users.map((user) => (
            <li key={user.id}>
              <button
                type="button"
                data-person={user.id}
                aria-pressed={chosen?.id === user.id}
                onClick={() => onChoose(user)}
                className="flex min-h-11 w-full items-center gap-3 rounded-control px-2 text-start -outline-offset-2 hover:bg-hover aria-pressed:bg-selected"
              >
                <Avatar id={user.id} name={nameOf(user)} url={user.avatar_url} size="sm" />
                <span className="min-w-0 grow">
                  <span className="block truncate text-sm font-medium">{nameOf(user)}</span>
                  <span className="block truncate text-xs text-muted">@{user.username}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
