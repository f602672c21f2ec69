import { useLocation } from "@tanstack/react-router";
import { useCallback } from "react";
import { FirstRunPanel } from "../features/numbers/first-run-panel";
import { notedList } from "../lib/noted";
import { useMe } from "../realtime/session";

const { useNoted, note } = notedList("convo.first-run");

/** The first text of an administrator, until they did it, said no, or have done more than that before. */
export default function FirstRun() {
  const me = useMe().id;
  const { pathname } = useLocation();
  const end = useCallback(() => note(me), [me]);
  if (useNoted().includes(me)) return null;
  return (
    <div
      className={
        pathname === "/"
          ? "shrink-0 md:max-xl:absolute md:max-xl:inset-y-0 md:max-xl:start-80 md:max-xl:end-0"
          : "hidden shrink-0 xl:block"
      }
    >
      <FirstRunPanel onOver={end} />
    </div>
  );
}
