import { i18n } from "@lingui/core";
import { useQuery } from "@tanstack/react-query";
import { messageHistory, messageReceipts } from "../../../api/calls";
import type { Message, ReceiptAt } from "../../../api/types";
import { formatMoment } from "../../../lib/format";
import { problemText } from "../../../lib/problem-text";
import { getChat } from "../../../realtime/chat-store";
import { Avatar } from "../../../ui/avatar";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { Failure } from "../../../ui/failure";
import { SkeletonRows } from "../../../ui/skeleton";
import { deleteMessage } from "../actions";
import { type Users, userName } from "../conversations";
import { MessageText } from "./markdown";

type Props = { message: Message; onClose: () => void };

function HistoryDialog({ message, onClose }: Props) {
  const { conversation_id: id, seq, version } = message;
  const history = useQuery({ queryKey: ["history", id, seq, version], queryFn: () => messageHistory(id, seq) });
  const versions = [
    { body: message.body, until: null as string | null },
    ...[...(history.data?.edits ?? [])].reverse().map((edit) => ({ body: edit.body, until: edit.replaced_at })),
  ];
  return (
    <Dialog title={i18n.t("Earlier versions")} onClose={onClose}>
      {history.isPending && <SkeletonRows count={2} avatar={false} />}
      {history.isError && <Failure text={problemText(history.error)} onRetry={() => history.refetch()} />}
      {history.data && (
        <ol className="flex flex-col gap-3">
          {versions.map(({ body, until }) => (
            <li key={until ?? "now"} className="rounded-card border border-line bg-surface px-3 py-2">
              <p className="mb-1 text-xs text-muted">
                {until ? i18n.t("Until {moment}", { moment: formatMoment(until) }) : i18n.t("Now")}
              </p>
              <div className="wrap-anywhere">
                <MessageText text={body} />
              </div>
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  );
}

function People({ title, receipts, users }: { title: string; receipts: ReceiptAt[]; users: Users }) {
  if (receipts.length === 0) return null;
  return (
    <section className="mt-3 first:mt-0">
      <h3 className="text-sm font-semibold text-muted">{title}</h3>
      <ul>
        {receipts.map(({ user_id, at }) => (
          <li key={user_id} className="flex min-h-11 items-center gap-3">
            <Avatar id={user_id} name={userName(users[user_id])} url={users[user_id]?.avatar_url} size="sm" />
            <span className="min-w-0 grow truncate">{userName(users[user_id])}</span>
            {at && <span className="tabular text-sm text-muted">{formatMoment(at)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function ReadersDialog({ message, onClose }: Props) {
  const { conversation_id: id, seq } = message;
  const receipts = useQuery({
    queryKey: ["receipts", id, seq],
    queryFn: () => messageReceipts(id, seq),
    staleTime: 0,
  });
  const users: Users = { ...getChat().users };
  for (const user of receipts.data?.users ?? []) users[user.id] = user;
  const { me } = getChat();
  const others = (list: ReceiptAt[] = []) => list.filter(({ user_id }) => user_id !== me);
  const read = others(receipts.data?.read);
  const seen = new Set(read.map(({ user_id }) => user_id));
  const delivered = others(receipts.data?.delivered).filter(({ user_id }) => !seen.has(user_id));
  const pending = others(receipts.data?.pending.map((user_id) => ({ user_id, at: "" })));
  return (
    <Dialog title={i18n.t("Who has read it")} onClose={onClose}>
      {receipts.isPending && <SkeletonRows count={3} />}
      {receipts.isError && <Failure text={problemText(receipts.error)} onRetry={() => receipts.refetch()} />}
      {receipts.data && (
        <>
          <People title={i18n.t("Read")} receipts={read} users={users} />
          <People title={i18n.t("Delivered")} receipts={delivered} users={users} />
          <People title={i18n.t("Not yet delivered")} receipts={pending} users={users} />
          {read.length + delivered.length + pending.length === 0 && (
            <p className="text-muted">{i18n.t("Only you are in this conversation.")}</p>
          )}
        </>
      )}
    </Dialog>
  );
}

function DeleteDialog({ message, everyone, onClose }: Props & { everyone: boolean }) {
  const run = (whom: "me" | "everyone") => {
    deleteMessage(message, whom);
    onClose();
  };
  return (
    <Dialog
      title={i18n.t("Delete this message?")}
      description={
        everyone
          ? i18n.t("For everyone: the text goes, “Message deleted” stays. For you: it disappears from your devices.")
          : message.delivery
            ? i18n.t("It disappears from your devices. The phone and your colleagues keep it.")
            : i18n.t("It disappears from your devices. Others keep it.")
      }
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{i18n.t("Cancel")}</Button>
          <Button look={everyone ? "secondary" : "danger"} onClick={() => run("me")}>
            {i18n.t("Delete for me")}
          </Button>
          {everyone && (
            <Button look="danger" onClick={() => run("everyone")}>
              {i18n.t("Delete for everyone")}
            </Button>
          )}
        </>
      }
    />
  );
}

type Any = Props & { kind: "history" | "readers" | "delete"; everyone: boolean };

/** What a message can open. */
export function MessageDialog({ kind, message, everyone, onClose }: Any) {
  if (kind === "history") return <HistoryDialog message={message} onClose={onClose} />;
  if (kind === "readers") return <ReadersDialog message={message} onClose={onClose} />;
  return <DeleteDialog message={message} everyone={everyone} onClose={onClose} />;
}
