import { i18n } from "@lingui/core";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { createStore, useStore } from "zustand";
import { FormattingList } from "../features/chat/composer/formatting";
import { lettersEnabled, setLettersEnabled, shortcutKey } from "../lib/keyboard";
import { useSession } from "../realtime/session";
import { Dialog } from "../ui/dialog";
import { Switch } from "../ui/switch";

const store = createStore(() => ({ open: false }));
export const openShortcutSheet = () => store.setState({ open: true });

const SEQUENCE_MS = 1200;

/** `?` and the two-letter ways to places; screens answer to their own keys. */
export function ShortcutSheet() {
  const open = useStore(store, (state) => state.open);
  const admin = useSession((session) => session.me?.role === "admin");
  const navigate = useNavigate();
  useEffect(() => {
    let waitingUntil = 0;
    const onKey = (event: KeyboardEvent) => {
      const key = shortcutKey(event);
      if (key === "?") openShortcutSheet();
      if (waitingUntil > Date.now()) {
        waitingUntil = 0;
        if (key === "i") navigate({ to: "/" });
        else if (key === "n") navigate({ to: "/numbers" });
        else if (key === "o") navigate({ to: "/dashboard" });
        else if (key === "v") navigate({ to: "/verifications" });
        else if (key === "d" && admin) navigate({ to: "/admin/users" });
        else return;
        event.preventDefault();
      } else if (key === "g") waitingUntil = Date.now() + SEQUENCE_MS;
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [navigate, admin]);
  return open ? <Sheet admin={admin} onClose={() => store.setState({ open: false })} /> : null;
}

function Sheet({ admin, onClose }: { admin: boolean; onClose: () => void }) {
  const [letters, setLetters] = useState(lettersEnabled);
  const keys: [string[], string][] = [
    [["g", "i"], i18n.t("Go to the inbox")],
    [["g", "n"], i18n.t("Go to the numbers")],
    [["g", "o"], i18n.t("Go to the overview")],
    [["g", "v"], i18n.t("Go to the verifications")],
    ...(admin ? [[["g", "d"], i18n.t("Go to administration")] as [string[], string]] : []),
    [["j", "k"], i18n.t("Next, previous")],
    [["Enter"], i18n.t("Open")],
    [["Esc"], i18n.t("Back one layer")],
    [["n"], i18n.t("Next unread conversation")],
    [["u"], i18n.t("Mark as unread")],
    [["r"], i18n.t("Reply to the message")],
    [["e"], i18n.t("Edit the message")],
    [["+"], i18n.t("React to the message")],
    [["a"], i18n.t("Archive or restore")],
    [["m"], i18n.t("Mute or unmute")],
    [["c"], i18n.t("New conversation")],
    [["/"], i18n.t("Filter the list")],
    [["[", "]"], i18n.t("List, details")],
    [["Enter"], i18n.t("Send what you wrote")],
    [["Shift", "Enter"], i18n.t("New line")],
    [["↑"], i18n.t("Edit your last message, in an empty field")],
    [["?"], i18n.t("This sheet")],
  ];
  return (
    <Dialog title={i18n.t("Keyboard shortcuts")} onClose={onClose} wide>
      <Switch
        label={i18n.t("Single letters")}
        hint={i18n.t("They never act while you type.")}
        checked={letters}
        onChange={(on) => {
          setLettersEnabled(on);
          setLetters(on);
        }}
      />
      <dl className="mt-2 grid gap-x-8 border-t border-line pt-3 text-sm md:grid-cols-2">
        {keys.map(([combination, meaning]) => (
          <div key={meaning} className="flex min-h-8 items-center justify-between gap-3">
            <dt>{meaning}</dt>
            <dd className="flex shrink-0 gap-1">
              {combination.map((key) => (
                <kbd
                  key={key}
                  className="min-w-6 rounded-control border border-line bg-canvas px-1.5 py-0.5 text-center font-mono text-xs"
                >
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <section className="mt-4 border-t border-line pt-3">
        <h3 className="mb-2 font-semibold">{i18n.t("Formatting")}</h3>
        <FormattingList wide />
      </section>
    </Dialog>
  );
}
