// What happened in a group, as a sentence.
import { i18n } from "@lingui/core";
import type { Message, User } from "../../api/types";
import { formatList } from "../../lib/format";

const MOST_NAMES = 3;

export function systemText(message: Message, users: Record<string, User>, me: string): string {
  const { system } = message;
  if (!system) return "";
  const nameOf = (id: string) => users[id]?.full_name || users[id]?.username || i18n.t("Somebody");
  const mine = system.actor_id === me;
  const actor = system.actor_id ? nameOf(system.actor_id) : i18n.t("Somebody");
  const others = system.user_ids.map((id) => (id === me ? i18n.t("you") : nameOf(id)));
  const shown = others.slice(0, MOST_NAMES);
  if (others.length > MOST_NAMES) {
    shown.push(i18n.t("{count, plural, one {# more} other {# more}}", { count: others.length - MOST_NAMES }));
  }
  const names = formatList(shown);
  const text = system.text ?? "";
  switch (system.event) {
    case "group_created":
      return mine ? i18n.t("You created the group") : i18n.t("{actor} created the group", { actor });
    case "member_added":
      return mine ? i18n.t("You added {names}", { names }) : i18n.t("{actor} added {names}", { actor, names });
    case "member_removed":
      return mine ? i18n.t("You removed {names}", { names }) : i18n.t("{actor} removed {names}", { actor, names });
    case "member_left":
      return mine ? i18n.t("You left") : i18n.t("{actor} left", { actor });
    case "role_changed":
      return mine
        ? i18n.t("You changed the role of {names}", { names })
        : i18n.t("{actor} changed the role of {names}", { actor, names });
    case "title_changed":
      return mine
        ? i18n.t("You named the group “{text}”", { text })
        : i18n.t("{actor} named the group “{text}”", { actor, text });
    case "description_changed":
      return mine ? i18n.t("You changed the description") : i18n.t("{actor} changed the description", { actor });
    case "picture_changed":
      return mine ? i18n.t("You changed the picture") : i18n.t("{actor} changed the picture", { actor });
    case "owner_changed":
      return mine
        ? i18n.t("You made {names} the owner", { names })
        : i18n.t("{actor} made {names} the owner", { actor, names });
    case "past_shown":
      return mine
        ? i18n.t("You let new members see earlier messages")
        : i18n.t("{actor} let new members see earlier messages", { actor });
    case "past_hidden":
      return mine
        ? i18n.t("You hid earlier messages from new members")
        : i18n.t("{actor} hid earlier messages from new members", { actor });
    case "opted_out":
      return answered(message, i18n.t("They replied STOP."));
    case "opted_in":
      return answered(message, i18n.t("They replied START. You can write again."));
    case "help_asked":
      return answered(message, i18n.t("They replied HELP to know who writes."));
    default:
      return i18n.t("The group changed");
  }
}

/** What a phone asked for is answered by itself; what became of the answer belongs to what happened. */
function answered({ delivery }: Message, text: string): string {
  if (!delivery) return text;
  if (delivery.state === "delivered") return `${text} ${i18n.t("They got the confirmation.")}`;
  const failed = delivery.state === "failed" || delivery.state === "cancelled";
  const rest = failed ? i18n.t("The confirmation did not reach them.") : i18n.t("The confirmation is on its way.");
  return `${text} ${rest}`;
}
