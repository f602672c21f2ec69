import { Outlet, useLocation, useSearch } from "@tanstack/react-router";
import { useNarrow } from "../../lib/use-media";
import { PaneBoundary } from "../../ui/boundary";
import { ListPane } from "./list/list-pane";

/** The list, and beside it what is open. On a narrow screen one of them. */
export function ChatLayout() {
  const { pathname } = useLocation();
  const search: { list?: string } = useSearch({ strict: false });
  const narrow = useNarrow();
  const open = pathname.startsWith("/c/") ? pathname.slice(3) : null;
  const archived = pathname === "/archived" || search.list === "archived";
  return (
    <div className="relative flex h-full min-w-0 overflow-hidden">
      {/* The same element at every width: what somebody is typing in the list or its dialog survives a turned phone. */}
      <div className="contents" role={narrow && !open ? "main" : undefined}>
        <PaneBoundary
          key={archived ? "archived" : "inbox"}
          className="border-line max-md:w-full md:w-80 md:shrink-0 md:border-e"
        >
          <ListPane archived={archived} open={open} />
        </PaneBoundary>
      </div>
      {(!narrow || open) && <Outlet />}
    </div>
  );
}
