import { Outlet, useLocation, useNavigate, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { useSession } from "../realtime/session";
import { preloadDialog } from "../ui/dialog";
import { preloadMenu } from "../ui/menu";
import { ConnectionBar } from "./connection-bar";
import { FirstRunBeside } from "./first-run-beside";
import { PageTitle } from "./page-title";
import { Rail } from "./rail";
import { ShortcutSheet } from "./shortcut-sheet";

/** The frame around every screen behind the sign-in. */
export function Shell() {
  const status = useSession((session) => session.status);
  const { pathname } = useLocation();
  useEffect(() => {
    const preload = () => {
      preloadDialog();
      preloadMenu();
    };
    if ("requestIdleCallback" in window) window.requestIdleCallback(preload);
    else setTimeout(preload, 1500);
  }, []);
  if (status !== "in") return <ToSignIn />;
  return (
    <div className="flex h-full flex-col">
      <ConnectionBar />
      <div className="flex min-h-0 grow flex-col-reverse md:flex-row">
        <Rail hiddenWhenNarrow={pathname.startsWith("/c/")} />
        <div className="relative flex min-h-0 min-w-0 grow max-md:flex-col">
          <div className="min-h-0 min-w-0 grow">
            <Outlet />
          </div>
          <FirstRunBeside />
        </div>
      </div>
      <ShortcutSheet />
      <PageTitle />
    </div>
  );
}

/** Once, from where one was: the place already changes while the next screen is being fetched. */
function ToSignIn() {
  const navigate = useNavigate();
  const router = useRouter();
  const person = useSession((session) => session.before);
  useEffect(() => {
    const { href } = router.state.location;
    if (href.startsWith("/login")) return;
    // A link is for whoever opened it; where a person was is no address for the next one to see.
    if (person) navigate({ to: "/login", state: { left: { person, href } }, replace: true });
    else navigate({ to: "/login", search: href === "/" ? {} : { next: href }, replace: true });
  }, [navigate, router, person]);
  return <div className="h-full bg-canvas" aria-busy="true" />;
}
