import { Navigate, Outlet, useLocation } from "@tanstack/react-router";
import { useEffect } from "react";
import { useSession } from "../realtime/session";
import { preloadDialog } from "../ui/dialog";
import { preloadMenu } from "../ui/menu";
import { ConnectionBar } from "./connection-bar";
import { PageTitle } from "./page-title";
import { Rail } from "./rail";
import { ShortcutSheet } from "./shortcut-sheet";

/** The frame around every screen behind the sign-in. */
export function Shell() {
  const status = useSession((session) => session.status);
  const { href, pathname } = useLocation();
  useEffect(() => {
    const preload = () => {
      preloadDialog();
      preloadMenu();
    };
    if ("requestIdleCallback" in window) window.requestIdleCallback(preload);
    else setTimeout(preload, 1500);
  }, []);
  if (status !== "in") return <Navigate to="/login" search={href === "/" ? {} : { next: href }} replace />;
  return (
    <div className="flex h-full flex-col">
      <ConnectionBar />
      <div className="flex min-h-0 grow flex-col-reverse md:flex-row">
        <Rail hiddenWhenNarrow={pathname.startsWith("/c/")} />
        <div className="min-h-0 min-w-0 grow">
          <Outlet />
        </div>
      </div>
      <ShortcutSheet />
      <PageTitle />
    </div>
  );
}
