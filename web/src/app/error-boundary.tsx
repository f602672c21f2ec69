import { i18n } from "@lingui/core";
import type { ReactNode } from "react";
import { Boundary } from "../ui/boundary";
import { Failure } from "../ui/failure";

/** The last net: a fault in one screen must not leave a blank page. */
export function ErrorBoundary({ children }: { children: ReactNode }) {
  return <Boundary fallback={() => <Crashed onRetry={() => location.reload()} />}>{children}</Boundary>;
}

export function Crashed({ onRetry }: { onRetry: () => void }) {
  return (
    <main className="flex h-full items-center justify-center bg-canvas">
      <Failure
        text={i18n.t("This page stopped working. Load it again; nothing you wrote is lost.")}
        onRetry={onRetry}
      />
    </main>
  );
}
