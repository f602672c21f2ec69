import { i18n } from "@lingui/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { addMembers, listMembers } from "../../../api/calls";
import type { Conversation, Member, User } from "../../../api/types";
import { compareNames } from "../../../lib/format";
import { problemText } from "../../../lib/problem-text";
import { applyConversation } from "../../../realtime/apply-answer";
import { getChat, setChat, useUsers } from "../../../realtime/chat-store";
import { withUsers } from "../../../realtime/state";
import { take } from "../../../realtime/take";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { Failure } from "../../../ui/failure";
import { SkeletonRows } from "../../../ui/skeleton";
import { showError } from "../../../ui/toast";
import { managesGroup, userName } from "../conversations";
import { PeoplePicker } from "../people-picker";
import { MemberRow } from "./member-row";

const ORDER = { owner: 0, admin: 1, member: 2, reader: 3 };

/** A large group's members come page by page; a small one's are known. */
function useMembers(conversation: Conversation) {
  const { id, members, version } = conversation;
  const pages = useInfiniteQuery({
    queryKey: ["members", id, members ? 0 : conversation.member_count, members ? 0 : version],
    queryFn: async ({ pageParam }) => {
      const page = await listMembers(id, pageParam);
      setChat(withUsers(getChat(), page.users));
      return page;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    enabled: members === null,
    placeholderData: (before) => before,
  });
  return { members: members ?? pages.data?.pages.flatMap((page) => page.members) ?? null, pages };
}

export function Members({ conversation }: { conversation: Conversation }) {
  const users = useUsers();
  const { members, pages } = useMembers(conversation);
  const [adding, setAdding] = useState(false);
  const sorted = [...(members ?? [])]
    .filter((member) => member.active)
    .sort(
      (a: Member, b: Member) =>
        ORDER[a.role] - ORDER[b.role] || compareNames(userName(users[a.user_id]), userName(users[b.user_id])),
    );
  return (
    <section className="border-t border-line px-3 py-3" aria-labelledby="members-title">
      <div className="flex items-center justify-between px-2 pb-1">
        <h3 id="members-title" className="text-sm font-semibold text-muted">
          {conversation.line
            ? i18n.t("Who shares your number")
            : i18n.t("{count, plural, one {# member} other {# members}}", { count: conversation.member_count })}
        </h3>
        {managesGroup(conversation) && (
          <Button look="quiet" icon={<UserPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
            {i18n.t("Add people")}
          </Button>
        )}
      </div>
      {!members && pages.isPending && <SkeletonRows count={4} />}
      {!members && pages.isError && <Failure text={problemText(pages.error)} onRetry={() => pages.refetch()} />}
      <ul>
        {sorted.map((member) => (
          <MemberRow key={member.user_id} conversation={conversation} member={member} user={users[member.user_id]} />
        ))}
      </ul>
      {!conversation.members && pages.hasNextPage && (
        <Button look="ghost" wide busy={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
          {i18n.t("Show more members")}
        </Button>
      )}
      {adding && <AddPeople conversation={conversation} onClose={() => setAdding(false)} />}
    </section>
  );
}

function AddPeople({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const [people, setPeople] = useState<User[]>([]);
  const [busy, setBusy] = useState(false);
  const inside = new Set(conversation.members?.map(({ user_id }) => user_id));
  const add = async () => {
    setBusy(true);
    try {
      const ids = people.map(({ id }) => id);
      const view = await addMembers(conversation.id, ids);
      take(applyConversation(getChat(), view));
      onClose();
    } catch (error) {
      showError(problemText(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={i18n.t("Add people")}
      onClose={onClose}
      footer={
        <Button look="primary" busy={busy} disabled={people.length === 0} onClick={add}>
          {people.length === 0
            ? i18n.t("Choose somebody first")
            : i18n.t("{count, plural, one {Add # person} other {Add # people}}", { count: people.length })}
        </Button>
      }
    >
      <PeoplePicker
        picked={people}
        without={(id) => inside.has(id)}
        onPick={(user) =>
          setPeople((before) =>
            before.some(({ id }) => id === user.id) ? before.filter(({ id }) => id !== user.id) : [...before, user],
          )
        }
      />
    </Dialog>
  );
}
