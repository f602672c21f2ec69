import { i18n } from "@lingui/core";
import { useChatStore } from "../realtime/chat-store";
import { countUnreadConversations } from "../realtime/unread";

/** The number of waiting conversations stands in the tab's title. */
export function PageTitle() {
  const count = useChatStore((store) => countUnreadConversations(store.chat));
  return <title>{count > 0 ? i18n.t("({count}) Convo", { count }) : "Convo"}</title>;
}
