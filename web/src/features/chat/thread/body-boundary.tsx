import { Component, type ReactNode } from "react";

type Props = { fallback: ReactNode; children: ReactNode };

/** A text that cannot be shown as it should be must not take the other messages away with it. */
export class BodyBoundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError() {
    return { failed: true };
  }
  override render() {
    return this.state.failed ? this.props.fallback : this.props.children;
  }
}
