import { useLocation } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { FirstRunPanel } from "../features/numbers/first-run-panel";
import { useMe } from "../realtime/session";

const KEY = "convo.first-run";

function read(): string[] {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]");
  } catch {
    return [];
  }
}

/** The first text of an administrator, until they did it, said no, or have done more than that before. */
export default function FirstRun() {
  const me = useMe().id;
  const { pathname } = useLocation();
  const [over, setOver] = useState(read);
  const end = useCallback(() => {
    const now = [...read(), me];
    setOver(now);
    try {
      localStorage.setItem(KEY, JSON.stringify(now));
    } catch {
      // It then holds until the page is closed.
    }
  }, [me]);
  if (over.includes(me)) return null;
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
