import { i18n } from "@lingui/core";
import { X } from "lucide-react";
import { useEffect } from "react";
import { createStore, useStore } from "zustand";
import { cx } from "../lib/cx";
import { IconButton } from "./button";

type Toast = { id: number; text: string; kind: "plain" | "error"; action?: { label: string; run: () => void } };

const store = createStore<{ toasts: Toast[] }>(() => ({ toasts: [] }));
const SHOWN_MS = 8000;
let last = 0;

export function showToast(text: string, options: Partial<Omit<Toast, "id" | "text">> = {}) {
  const toast: Toast = { id: ++last, text, kind: "plain", ...options };
  store.setState(({ toasts }) => ({ toasts: [...toasts.filter((other) => other.text !== text), toast].slice(-3) }));
}

export const showError = (text: string) => showToast(text, { kind: "error" });

const dismiss = (id: number) => store.setState(({ toasts }) => ({ toasts: toasts.filter((each) => each.id !== id) }));

function ToastCard({ toast }: { toast: Toast }) {
  useEffect(() => {
    const timer = setTimeout(() => dismiss(toast.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [toast.id]);
  return (
    <div
      role={toast.kind === "error" ? "alert" : "status"}
      className={cx(
        "slide-up pointer-events-auto flex min-h-11 w-full max-w-sm items-center gap-2 rounded-card border bg-raised py-1.5 ps-4 pe-2 text-sm shadow-float",
        toast.kind === "error" ? "border-danger" : "border-line",
      )}
    >
      <span className="grow py-1">{toast.text}</span>
      {toast.action && (
        <button
          type="button"
          className="min-h-8 shrink-0 rounded-control px-2 font-semibold text-accent hover:bg-hover"
          onClick={() => {
            toast.action?.run();
            dismiss(toast.id);
          }}
        >
          {toast.action.label}
        </button>
      )}
      <IconButton size="sm" label={i18n.t("Dismiss")} onClick={() => dismiss(toast.id)}>
        <X size={16} aria-hidden />
      </IconButton>
    </div>
  );
}

export function Toaster() {
  const toasts = useStore(store, (state) => state.toasts);
  return (
    <div className="pointer-events-none fixed inset-x-4 bottom-20 z-50 flex flex-col items-center gap-2 md:bottom-6">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  );
}
