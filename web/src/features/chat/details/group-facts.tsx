import { i18n } from "@lingui/core";
import { Camera, Pencil } from "lucide-react";
import { useRef, useState } from "react";
import { deletePicture, putPicture, updateConversation } from "../../../api/calls";
import type { Conversation } from "../../../api/types";
import { problemText } from "../../../lib/problem-text";
import { applyConversation } from "../../../realtime/apply-answer";
import { getChat } from "../../../realtime/chat-store";
import { take } from "../../../realtime/take";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { Field, TextArea } from "../../../ui/field";
import { Switch } from "../../../ui/switch";
import { showError } from "../../../ui/toast";
import { rename } from "../actions";
import { managesGroup } from "../conversations";
import { useOptimistic } from "../optimistic";

const MAX_TITLE = 100;
const MAX_DESCRIPTION = 500;

/** Name and description of a group; its administrators can change them. */
export function GroupFacts({ conversation }: { conversation: Conversation }) {
  const shown = useOptimistic((state) => state.titles[conversation.id]);
  const [editing, setEditing] = useState(false);
  const admin = managesGroup(conversation);
  const title = shown?.title ?? conversation.title;
  const description = shown?.description ?? conversation.description;
  return (
    <div className="w-full">
      <p className="text-lg font-semibold break-words">{title}</p>
      {description && <p className="mt-1 text-sm whitespace-pre-wrap break-words text-muted">{description}</p>}
      {admin && (
        <Button look="quiet" className="mt-1" icon={<Pencil size={15} aria-hidden />} onClick={() => setEditing(true)}>
          {i18n.t("Edit group")}
        </Button>
      )}
      {editing && <EditGroup conversation={conversation} onClose={() => setEditing(false)} />}
    </div>
  );
}

function EditGroup({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { id } = conversation;
  const [title, setTitle] = useState(conversation.title ?? "");
  const [description, setDescription] = useState(conversation.description ?? "");
  const file = useRef<HTMLInputElement>(null);
  const attempt = async (work: () => ReturnType<typeof updateConversation>) => {
    try {
      const view = await work();
      take(applyConversation(getChat(), view));
    } catch (error) {
      showError(problemText(error));
    }
  };
  const save = () => {
    if (!title.trim()) return;
    onClose();
    rename(id, {
      ...(title.trim() !== conversation.title && { title: title.trim() }),
      ...(description.trim() !== (conversation.description ?? "") && { description: description.trim() }),
    });
  };
  return (
    <Dialog
      title={i18n.t("Edit group")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{i18n.t("Cancel")}</Button>
          <Button look="primary" onClick={save}>
            {i18n.t("Save changes")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field
          label={i18n.t("Name of the group")}
          maxLength={MAX_TITLE}
          value={title}
          error={title.trim() ? null : i18n.t("Give the group a name.")}
          onChange={(event) => setTitle(event.target.value)}
        />
        <TextArea
          label={i18n.t("Description")}
          maxLength={MAX_DESCRIPTION}
          value={description}
          onChange={(event) => setDescription(event.target.value)}
        />
        <div className="flex flex-wrap gap-2">
          <input
            ref={file}
            type="file"
            accept="image/png,image/jpeg,image/webp"
            className="sr-only"
            tabIndex={-1}
            aria-label={i18n.t("Picture of the group")}
            onChange={(event) => {
              const picture = event.target.files?.[0];
              if (picture) attempt(() => putPicture(id, picture));
              event.target.value = "";
            }}
          />
          <Button icon={<Camera size={16} aria-hidden />} onClick={() => file.current?.click()}>
            {i18n.t("Choose picture")}
          </Button>
          {conversation.picture_url && (
            <Button look="ghost" onClick={() => attempt(() => deletePicture(id))}>
              {i18n.t("Remove picture")}
            </Button>
          )}
        </div>
        <Switch
          label={i18n.t("New members see earlier messages")}
          checked={conversation.show_past}
          onChange={(show_past) => attempt(() => updateConversation(id, { show_past }))}
        />
      </div>
    </Dialog>
  );
}
