import { i18n } from "@lingui/core";
import { ArrowLeft, NotebookPen, Users } from "lucide-react";
import { useRef, useState } from "react";
import { v4 as newId } from "uuid";
import type { User } from "../../../api/types";
import { problemText } from "../../../lib/problem-text";
import { looksLikeNumber } from "../../../lib/typed-number";
import { getChat } from "../../../realtime/chat-store";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { Field } from "../../../ui/field";
import { createGroup, openDirect } from "../actions";
import { PeoplePicker } from "../people-picker";
import { TextOffer } from "./text-offer";

type Props = { onClose: () => void; onCreated: (id: string) => void };

const choiceLook =
  "flex min-h-12 w-full items-center gap-3 rounded-control px-2 text-start font-medium hover:bg-hover [&_svg]:text-accent";
const circle = "inline-flex size-9 items-center justify-center rounded-full bg-selected";

export function NewConversation({ onClose, onCreated }: Props) {
  const [group, setGroup] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const { me } = getChat();
  const start = async (userId: string) => {
    const id = await openDirect(userId);
    if (id) onCreated(id);
  };
  if (group) return <NewGroup onClose={onClose} onCreated={onCreated} onBack={() => setGroup(false)} />;
  return (
    <Dialog title={i18n.t("New conversation")} onClose={onClose} initialFocus={field}>
      <PeoplePicker
        field={field}
        without={(id) => id === me}
        onPick={(user) => start(user.id)}
        offer={(typed) => looksLikeNumber(typed) && <TextOffer typed={typed} onCreated={onCreated} />}
      />
      <div className="mt-2 flex flex-col border-t border-line pt-2">
        <button type="button" className={choiceLook} onClick={() => setGroup(true)}>
          <span className={circle}>
            <Users size={18} aria-hidden />
          </span>
          {i18n.t("New group")}
        </button>
        <button type="button" className={choiceLook} onClick={() => start(me)}>
          <span className={circle}>
            <NotebookPen size={18} aria-hidden />
          </span>
          {i18n.t("Write to yourself")}
        </button>
      </div>
    </Dialog>
  );
}

const MAX_TITLE = 100;

function NewGroup({ onClose, onCreated, onBack }: Props & { onBack: () => void }) {
  const [title, setTitle] = useState("");
  const [people, setPeople] = useState<User[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  // The same id again gives the same group, so a lost answer does not make two.
  const [clientId] = useState(() => newId());
  const field = useRef<HTMLInputElement>(null);
  const { me } = getChat();
  const toggle = (user: User) =>
    setPeople((before) =>
      before.some(({ id }) => id === user.id) ? before.filter(({ id }) => id !== user.id) : [...before, user],
    );
  const create = async () => {
    if (!title.trim()) {
      setError(i18n.t("Give the group a name."));
      return field.current?.focus();
    }
    setBusy(true);
    setError(null);
    try {
      onCreated(
        await createGroup(
          title.trim(),
          people.map(({ id }) => id),
          clientId,
        ),
      );
    } catch (refusal) {
      setError(problemText(refusal));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={i18n.t("New group")}
      onClose={onClose}
      initialFocus={field}
      footer={
        <>
          <Button icon={<ArrowLeft size={16} aria-hidden className="rtl:-scale-x-100" />} onClick={onBack}>
            {i18n.t("Back")}
          </Button>
          <Button look="primary" busy={busy} onClick={create}>
            {i18n.t("Create group")}
          </Button>
        </>
      }
    >
      <div className="mb-4">
        <Field
          ref={field}
          label={i18n.t("Name of the group")}
          maxLength={MAX_TITLE}
          value={title}
          error={error}
          onChange={(event) => {
            setTitle(event.target.value);
            setError(null);
          }}
        />
      </div>
      <PeoplePicker picked={people} without={(id) => id === me} onPick={toggle} />
    </Dialog>
  );
}
