import { i18n } from "@lingui/core";
import { Camera } from "lucide-react";
import { useRef, useState } from "react";
import { deleteAvatar, putAvatar } from "../../api/calls";
import type { Me } from "../../api/types";
import { problemText } from "../../lib/problem-text";
import { setMe, useMe } from "../../realtime/session";
import { Avatar } from "../../ui/avatar";
import { Button } from "../../ui/button";
import { showError } from "../../ui/toast";

const TYPES = ["image/png", "image/jpeg", "image/webp"];
const MAX_BYTES = 5 * 1024 * 1024;

export function AvatarField() {
  const me = useMe();
  const file = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const attempt = async (work: () => Promise<Me>) => {
    setBusy(true);
    try {
      setMe(await work());
    } catch (error) {
      showError(problemText(error));
    } finally {
      setBusy(false);
    }
  };
  const choose = (picture: File | undefined) => {
    if (!picture) return;
    if (!TYPES.includes(picture.type))
      return showError(i18n.t("This picture cannot be read. Use a PNG, JPEG or WebP file."));
    if (picture.size > MAX_BYTES) return showError(i18n.t("This picture is too large. Use one of up to 5 MB."));
    attempt(() => putAvatar(picture));
  };
  return (
    <div className="flex flex-wrap items-center gap-4">
      <Avatar id={me.id} name={me.full_name || me.username} url={me.avatar_url} size="xl" />
      <div className="flex flex-col gap-1.5">
        <div className="flex flex-wrap gap-2">
          <input
            ref={file}
            type="file"
            accept={TYPES.join()}
            className="sr-only"
            tabIndex={-1}
            aria-label={i18n.t("Profile picture")}
            onChange={(event) => {
              choose(event.target.files?.[0]);
              event.target.value = "";
            }}
          />
          <Button busy={busy} icon={<Camera size={16} aria-hidden />} onClick={() => file.current?.click()}>
            {i18n.t("Choose picture")}
          </Button>
          {me.avatar_url && (
            <Button look="ghost" disabled={busy} onClick={() => attempt(deleteAvatar)}>
              {i18n.t("Remove picture")}
            </Button>
          )}
        </div>
        <p className="text-sm text-muted">{i18n.t("PNG, JPEG or WebP, up to 5 MB. It is cut to a square.")}</p>
      </div>
    </div>
  );
}
