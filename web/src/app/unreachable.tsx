import { i18n } from "@lingui/core";
import { useEffect } from "react";
import { retryStart } from "../realtime/session";
import { Failure } from "../ui/failure";

const AGAIN_MS = 5000;

export function Unreachable() {
  useEffect(() => {
    const timer = setInterval(retryStart, AGAIN_MS);
    window.addEventListener("online", retryStart);
    return () => {
      clearInterval(timer);
      window.removeEventListener("online", retryStart);
    };
  }, []);
  return (
    <main className="flex h-full items-center justify-center bg-canvas">
      <Failure
        text={i18n.t("The server cannot be reached. Check your connection; this page tries again by itself.")}
        onRetry={retryStart}
      />
    </main>
  );
}
