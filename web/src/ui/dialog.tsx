import { i18n } from "@lingui/core";
import { lazy, type ReactNode, type RefObject, Suspense, useState } from "react";
import { Button } from "./button";

export type DialogProps = {
  title: string;
  description?: ReactNode;
  onClose: () => void;
  children?: ReactNode;
  footer?: ReactNode;
  wide?: boolean;
  initialFocus?: RefObject<HTMLElement | null>;
};

const load = () => import("./dialog-base");
const Base = lazy(load);

/** Fetches the layer before somebody needs it; without a network, when they do. */
export const preloadDialog = () => void load().catch(() => undefined);

/** Shown as long as it is rendered. Focus goes in, stays, and returns. */
export function Dialog(props: DialogProps) {
  return (
    <Suspense>
      <Base {...props} />
    </Suspense>
  );
}

type ConfirmProps = {
  title: string;
  text: string;
  action: string;
  onConfirm: () => unknown;
  onClose: () => void;
  danger?: boolean;
};

export function Confirm({ title, text, action, onConfirm, onClose, danger }: ConfirmProps) {
  const [busy, setBusy] = useState(false);
  return (
    <Dialog
      title={title}
      description={text}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{i18n.t("Cancel")}</Button>
          <Button
            look={danger ? "danger" : "primary"}
            busy={busy}
            onClick={async () => {
              setBusy(true);
              try {
                await onConfirm();
                onClose();
              } finally {
                setBusy(false);
              }
            }}
          >
            {action}
          </Button>
        </>
      }
    />
  );
}
