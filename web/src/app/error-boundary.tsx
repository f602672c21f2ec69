import { i18n } from "@lingui/core";
import { Component, type ReactNode } from "react";
import { Failure } from "../ui/failure";

type State = { failed: boolean };

/** The last net: a fault in one screen must not leave a blank page. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { failed: false };
  static getDerivedStateFromError(): State {
    return { failed: true };
  }
  override render() {
    if (!this.state.failed) return this.props.children;
    return <Crashed onRetry={() => location.reload()} />;
  }
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
