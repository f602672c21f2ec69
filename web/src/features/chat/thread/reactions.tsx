import { i18n } from "@lingui/core";
import type { Message } from "../../../api/types";
import { cx } from "../../../lib/cx";
import { formatList } from "../../../lib/format";
import { getChat } from "../../../realtime/chat-store";
import { react } from "../actions";
import { userName } from "../conversations";
import { useOptimistic, withOptimisticReactions } from "../optimistic";

const MOST_NAMES = 6;

type Props = { message: Message; mine: boolean; readOnly?: boolean };

export function Reactions({ message, mine, readOnly }: Props) {
  const change = useOptimistic((state) => state.reactions[`${message.conversation_id}:${message.seq}`]);
  const { me, users } = getChat();
  const reactions = withOptimisticReactions(message, change, me);
  if (reactions.length === 0) return null;
  return (
    <ul
      aria-label={i18n.t("Reactions")}
      className={cx("relative z-1 -mt-1.5 mb-0.5 flex flex-wrap gap-1 px-2", mine && "justify-end")}
    >
      {reactions.map(({ emoji, user_ids }) => {
        const own = user_ids.includes(me);
        const names = user_ids.slice(0, MOST_NAMES).map((id) => (id === me ? i18n.t("You") : userName(users[id])));
        if (user_ids.length > MOST_NAMES) names.push(`+${user_ids.length - MOST_NAMES}`);
        return (
          <li key={emoji}>
            <button
              type="button"
              aria-pressed={own}
              disabled={readOnly}
              title={formatList(names)}
              onClick={() => react(message, emoji, !own)}
              className={cx(
                "tabular inline-flex h-6.5 min-w-9 items-center justify-center gap-1 rounded-full border px-1.5 text-xs font-medium shadow-hairline transition touch:h-8",
                own ? "border-accent bg-bubble-out text-ink" : "border-line bg-raised text-muted hover:text-ink",
              )}
            >
              <span className="text-sm leading-none">{emoji}</span>
              {user_ids.length > 1 && <span aria-hidden>{user_ids.length}</span>}
              <span className="sr-only">{formatList(names)}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
