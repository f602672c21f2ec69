import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { isTemporary } from "../api/errors";
import { useSession } from "../realtime/session";
import { LiveRegion } from "../ui/live-region";
import { Toaster } from "../ui/toast";
import { ErrorBoundary } from "./error-boundary";
import { createAppRouter } from "./routes";
import { Unreachable } from "./unreachable";
import { useEngine } from "./use-engine";

function createClient() {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 30_000, retry: (count, error) => isTemporary(error) && count < 2 },
    },
  });
}

export function App() {
  const [client] = useState(createClient);
  const [router] = useState(createAppRouter);
  const status = useSession((session) => session.status);
  const me = useSession((session) => session.me?.id);
  useEngine(client, router);
  // What one person has read must not be there for the next.
  useEffect(() => {
    if (!me) client.clear();
  }, [me, client]);
  if (status === "starting") return <Starting />;
  if (status === "unreachable") return <Unreachable />;
  return (
    <ErrorBoundary>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
        <Toaster />
        <LiveRegion />
      </QueryClientProvider>
    </ErrorBoundary>
  );
}

/** Nothing for a moment: a flash of a loading screen feels slower than a still one. */
function Starting() {
  return <div className="h-full bg-canvas" aria-busy="true" />;
}
