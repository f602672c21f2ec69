import { i18n } from "@lingui/core";
import { useChatStore, useUsers } from "../../../realtime/chat-store";
import { userName } from "../conversations";

/** Above the composer; two names at most. Its place is always kept, so that nothing moves. */
export function TypingLine({ conversationId }: { conversationId: string }) {
  const typing = useChatStore((store) => store.typing[conversationId]);
  const users = useUsers();
  const ids = Object.keys(typing ?? {});
  const names = ids.slice(0, 2).map((id) => userName(users[id]));
  const [first, second] = names;
  return (
    <div className="h-5 px-4 text-xs leading-5 text-muted md:px-7">
      {first && (
        <span className="fade-in">
          {ids.length > 2
            ? i18n.t("{first}, {second} and others are typing…", { first, second })
            : second
              ? i18n.t("{first} and {second} are typing…", { first, second })
              : i18n.t("{first} is typing…", { first })}
        </span>
      )}
    </div>
  );
}
