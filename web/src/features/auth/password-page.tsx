import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { i18n } from "@lingui/core";
import { useForm, useWatch } from "react-hook-form";
import * as v from "valibot";
import { changePassword } from "../../api/calls";
import { ApiError } from "../../api/errors";
import { problemText } from "../../lib/problem-text";
import { useMe } from "../../realtime/session";
import { Button } from "../../ui/button";
import { Card, SectionPage } from "../../ui/section-layout";
import { showToast } from "../../ui/toast";
import { PasswordField } from "./password-field";
import { MIN_PASSWORD, PasswordRules } from "./rules";

const schema = () =>
  v.object({
    current_password: v.pipe(v.string(), v.nonEmpty(i18n.t("Enter your current password."))),
    new_password: v.pipe(
      v.string(),
      v.minLength(MIN_PASSWORD, i18n.t("Use at least {count} characters.", { count: MIN_PASSWORD })),
    ),
  });

/** A page of the settings; it stands here because the rules of passwords do. */
export function PasswordPage() {
  const me = useMe();
  const form = useForm({
    resolver: standardSchemaResolver(schema()),
    defaultValues: { current_password: "", new_password: "" },
  });
  const password = useWatch({ control: form.control, name: "new_password" });
  const { errors, isSubmitting } = form.formState;
  const save = form.handleSubmit(async (values) => {
    try {
      await changePassword(values);
      form.reset();
      showToast(i18n.t("Password changed. Your other devices were signed out."));
    } catch (error) {
      const weak = error instanceof ApiError && /^password_too/.test(error.code);
      form.setError(weak ? "new_password" : "current_password", { message: problemText(error) }, { shouldFocus: true });
    }
  });
  return (
    <SectionPage title={i18n.t("Password")} hint={i18n.t("Changing it signs out all your other devices.")}>
      <Card>
        <form onSubmit={save} noValidate className="flex flex-col gap-4">
          <input type="text" name="username" autoComplete="username" value={me.username} readOnly hidden />
          <PasswordField
            label={i18n.t("Current password")}
            autoComplete="current-password"
            error={errors.current_password?.message}
            {...form.register("current_password")}
          />
          <PasswordField
            label={i18n.t("New password")}
            autoComplete="new-password"
            error={errors.new_password?.message}
            hint={<PasswordRules password={password} username={me.username} email={me.email} />}
            {...form.register("new_password")}
          />
          <div>
            <Button look="primary" type="submit" busy={isSubmitting}>
              {i18n.t("Change password")}
            </Button>
          </div>
        </form>
      </Card>
    </SectionPage>
  );
}
