import { i18n } from "@lingui/core";
import { WifiOff } from "lucide-react";
import { useEffect, useState } from "react";
import { useChatStore } from "../realtime/chat-store";

const PATIENCE_MS = 2000;

/** Silent while all is well; a slim bar after two seconds without a connection. */
export function ConnectionBar() {
  const open = useChatStore((store) => store.connection === "open");
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (open) return setShown(false);
    const timer = setTimeout(() => setShown(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [open]);
  return (
    <div role="status">
      {shown && (
        <div className="fade-in flex min-h-8 items-center justify-center gap-2 border-b border-line bg-raised px-4 py-1 text-sm text-warn">
          <WifiOff size={15} aria-hidden />
          {i18n.t("Offline. Messages go out when you are back.")}
        </div>
      )}
    </div>
  );
}
