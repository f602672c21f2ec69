import { CSPProvider } from "@base-ui/react/csp-provider";
import { Dialog as Base } from "@base-ui/react/dialog";
import { i18n } from "@lingui/core";
import { X } from "lucide-react";
import { cx } from "../lib/cx";
import type { DialogProps } from "./dialog";

export default function DialogBase({ title, description, onClose, children, footer, wide, initialFocus }: DialogProps) {
  return (
    <CSPProvider disableStyleElements>
      <Base.Root open onOpenChange={(open) => !open && onClose()}>
        <Base.Portal>
          <Base.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
          <Base.Popup
            initialFocus={initialFocus}
            className={cx(
              "layer-in fixed inset-x-0 bottom-0 z-40 flex max-h-[min(90dvh,44rem)] flex-col rounded-t-bubble border border-line bg-raised shadow-float outline-none",
              "md:inset-auto md:start-1/2 md:top-[12dvh] md:max-h-[76dvh] md:w-[calc(100vw-2rem)] md:rounded-bubble",
              wide ? "md:-ms-72 md:max-w-[36rem]" : "md:-ms-56 md:max-w-[28rem]",
            )}
          >
            <div className="flex items-start gap-2 ps-5 pe-3 pt-3 pb-1">
              <div className="min-w-0 grow pt-1.5">
                <Base.Title className="text-lg font-semibold wrap-anywhere">{title}</Base.Title>
                {description && <Base.Description className="mt-1 text-sm text-muted">{description}</Base.Description>}
              </div>
              <Base.Close
                aria-label={i18n.t("Close")}
                className="inline-flex size-9 shrink-0 items-center justify-center rounded-control text-muted hover:bg-hover hover:text-ink touch:size-11"
              >
                <X size={18} aria-hidden />
              </Base.Close>
            </div>
            {children ? (
              <div className="scroll-y min-h-0 grow px-5 pt-2 pb-5">{children}</div>
            ) : (
              <div className="h-4" />
            )}
            {footer && (
              <div className="flex flex-wrap justify-end gap-2 max-md:has-[>:nth-child(3)]:flex-col-reverse border-t border-line px-5 py-3 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
                {footer}
              </div>
            )}
          </Base.Popup>
        </Base.Portal>
      </Base.Root>
    </CSPProvider>
  );
}
