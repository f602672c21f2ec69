import { useLocation } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useSession } from "../realtime/session";
import { PaneBoundary } from "../ui/boundary";

const Panel = lazy(() => import("./first-run"));

/** Beside the inbox, and beside a conversation where there is room; below the list on a phone. */
export function FirstRunBeside() {
  const admin = useSession((session) => session.me?.role === "admin");
  const { pathname } = useLocation();
  if (!admin || !(pathname === "/" || pathname.startsWith("/c/"))) return null;
  return (
    <PaneBoundary>
      <Suspense>
        <Panel />
      </Suspense>
    </PaneBoundary>
  );
}
