import { i18n } from "@lingui/core";
import type { ReactNode } from "react";
import { Boundary } from "../../../ui/boundary";

/** A message that cannot be shown leaves a line in its place. */
export function RowBoundary({ children }: { children: ReactNode }) {
  return (
    <Boundary
      fallback={(again) => (
        <p className="flex flex-wrap items-center justify-center gap-x-2 px-6 py-1.5 text-sm text-muted">
          {i18n.t("This message could not be shown.")}
          <button
            type="button"
            className="min-h-7 rounded-control px-2 font-semibold text-accent hover:bg-hover touch:min-h-11"
            onClick={again}
          >
            {i18n.t("Show again")}
          </button>
        </p>
      )}
    >
      {children}
    </Boundary>
  );
}
