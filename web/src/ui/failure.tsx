import { i18n } from "@lingui/core";
import { CloudOff } from "lucide-react";
import { Button } from "./button";

type Props = { text: string; requestId?: string | null; action?: string; onRetry?: () => void };

/** What happened and what to do. */
export function Failure({ text, requestId, action, onRetry }: Props) {
  return (
    <div role="alert" className="flex flex-col items-center justify-center gap-3 p-8 text-center">
      <CloudOff size={28} strokeWidth={1.5} className="text-muted" aria-hidden />
      <p className="max-w-80 text-base">{text}</p>
      {onRetry && <Button onClick={onRetry}>{action ?? i18n.t("Try again")}</Button>}
      {requestId && (
        <details className="text-sm text-muted">
          <summary>{i18n.t("Details")}</summary>
          <code className="font-mono text-xs">{requestId}</code>
        </details>
      )}
    </div>
  );
}
