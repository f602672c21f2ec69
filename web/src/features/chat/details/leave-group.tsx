import { i18n } from "@lingui/core";
import { LogOut } from "lucide-react";
import { useState } from "react";
import type { Conversation } from "../../../api/types";
import { Button } from "../../../ui/button";
import { Confirm } from "../../../ui/dialog";
import { leave } from "../actions";

export function LeaveGroup({ conversation }: { conversation: Conversation }) {
  const [asking, setAsking] = useState(false);
  const owner = conversation.my_role === "owner";
  return (
    <section className="border-t border-line px-5 py-4">
      <Button
        look="danger"
        wide
        disabled={owner}
        icon={<LogOut size={16} aria-hidden />}
        onClick={() => setAsking(true)}
      >
        {i18n.t("Leave group")}
      </Button>
      {owner && (
        <p className="mt-2 text-sm text-muted">
          {i18n.t("You own this group. Make somebody else the owner before you leave.")}
        </p>
      )}
      {asking && (
        <Confirm
          danger
          title={i18n.t("Leave this group?")}
          text={i18n.t("You cannot read it any more until somebody adds you again.")}
          action={i18n.t("Leave group")}
          onClose={() => setAsking(false)}
          onConfirm={() => leave(conversation)}
        />
      )}
    </section>
  );
}
