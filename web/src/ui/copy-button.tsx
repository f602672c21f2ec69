import { i18n } from "@lingui/core";
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "./button";
import { announce } from "./live-region";
import { showError } from "./toast";

export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    announce(i18n.t("Copied"));
    return true;
  } catch {
    showError(i18n.t("The browser did not allow copying. Select the text and copy it yourself."));
    return false;
  }
}

export function CopyButton({ text, label }: { text: string; label: string }) {
  const [done, setDone] = useState(false);
  return (
    <Button
      look="primary"
      icon={done ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
      onClick={async () => setDone(await copyText(text))}
    >
      {done ? i18n.t("Copied") : label}
    </Button>
  );
}
