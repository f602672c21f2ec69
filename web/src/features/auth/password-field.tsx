import { i18n } from "@lingui/core";
import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { IconButton } from "../../ui/button";
import { Field } from "../../ui/field";

export function PasswordField(props: ComponentProps<typeof Field>) {
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <Field
      {...props}
      type={shown ? "text" : "password"}
      autoCapitalize="none"
      spellCheck={false}
      end={
        <IconButton
          size="sm"
          label={shown ? i18n.t("Hide password") : i18n.t("Show password")}
          onClick={() => setShown(!shown)}
        >
          <Icon size={17} aria-hidden />
        </IconButton>
      }
    />
  );
}
