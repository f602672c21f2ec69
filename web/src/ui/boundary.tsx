import { i18n } from "@lingui/core";
import { Component, type ReactNode } from "react";
import { cx } from "../lib/cx";
import { Failure } from "./failure";

type Props = { fallback: (again: () => void) => ReactNode; children: ReactNode };

/** What cannot be shown must not take away what stands around it. */
export class Boundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError() {
    return { failed: true };
  }
  private again = () => this.setState({ failed: false });
  override render() {
    return this.state.failed ? this.props.fallback(this.again) : this.props.children;
  }
}

type PaneProps = { className?: string; children: ReactNode };

/** A column of the screen, or a part of one, that fails alone. */
export function PaneBoundary({ className, children }: PaneProps) {
  return (
    <Boundary
      fallback={(again) => (
        <div className={cx("flex min-h-0 min-w-0 items-center justify-center bg-canvas", className)}>
          <Failure
            text={i18n.t("This part of the page could not be shown. Nothing you wrote is lost.")}
            action={i18n.t("Show again")}
            onRetry={again}
          />
        </div>
      )}
    >
      {children}
    </Boundary>
  );
}
