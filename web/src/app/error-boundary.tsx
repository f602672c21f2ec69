import { i18n } from "@lingui/core";
import type { ReactNode } from "react";
import { Boundary } from "../ui/boundary";
import { Failure } from "../ui/failure";

/** The last net: a fault in one screen must not leave a blank page. */
export function ErrorBoundary({ children }: { children: ReactNode }) {
  return <Boundary fallback={() => <Crashed />}>{children}</Boundary>;
}

export function Crashed() {
  return (
    <main className="flex h-full items-center justify-center bg-canvas">
      <Failure
        text={i18n.t("This page stopped working. Load it again; nothing you wrote is lost.")}
        onRetry={() => location.reload()}
      />
    </main>
  );
}
