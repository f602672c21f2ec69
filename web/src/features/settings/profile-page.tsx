import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { i18n } from "@lingui/core";
import { useForm } from "react-hook-form";
import * as v from "valibot";
import { updateMe } from "../../api/calls";
import { ApiError } from "../../api/errors";
import { problemText } from "../../lib/problem-text";
import { setMe, useMe } from "../../realtime/session";
import { Button } from "../../ui/button";
import { Field, Select, TextArea } from "../../ui/field";
import { Card, SectionPage } from "../../ui/section-layout";
import { showError, showToast } from "../../ui/toast";
import { AvatarField } from "./avatar-field";
import { EmailField } from "./email-field";

const schema = () =>
  v.object({
    full_name: v.pipe(
      v.string(),
      v.trim(),
      v.maxLength(100, i18n.t("Use at most {count} characters.", { count: 100 })),
    ),
    username: v.pipe(
      v.string(),
      v.trim(),
      v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{2,29}$/, i18n.t("3 to 30 characters: a to z, 0 to 9, . _ - and no spaces")),
    ),
    about: v.pipe(v.string(), v.trim(), v.maxLength(500, i18n.t("Use at most {count} characters.", { count: 500 }))),
    phone: v.pipe(
      v.string(),
      v.trim(),
      v.regex(/^$|^\+[0-9 ()-]{6,24}$/, i18n.t("Begin with + and the country code, as in +49 30 123456.")),
    ),
    time_zone: v.string(),
  });

const FIELDS = ["full_name", "username", "about", "phone", "time_zone"] as const;
const ZONES = Intl.supportedValuesOf("timeZone");
const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function ProfilePage() {
  const me = useMe();
  const values = {
    full_name: me.full_name,
    username: me.username,
    about: me.about,
    phone: me.phone ?? "",
    time_zone: me.time_zone || HERE,
  };
  const form = useForm({ resolver: standardSchemaResolver(schema()), defaultValues: values });
  const { errors, isSubmitting, isSubmitSuccessful, isDirty } = form.formState;
  const save = form.handleSubmit(async (profile) => {
    try {
      const next = await updateMe({ ...profile, phone: profile.phone.replace(/[ ()-]/g, "") || null });
      setMe(next);
      form.reset({ ...profile, phone: next.phone ?? "" }, { keepIsSubmitSuccessful: true });
      showToast(i18n.t("Profile saved"));
    } catch (error) {
      const field = FIELDS.find((name) => error instanceof ApiError && error.problem.field === name);
      if (field) form.setError(field, { message: problemText(error) }, { shouldFocus: true });
      else showError(problemText(error));
    }
  });
  const zones = ZONES.includes(values.time_zone) ? ZONES : [values.time_zone, ...ZONES];
  return (
    <SectionPage
      title={i18n.t("Profile")}
      hint={i18n.t("Everyone on this server sees your name, picture and about text.")}
    >
      <Card>
        <AvatarField />
        <form onSubmit={save} noValidate className="mt-5 flex flex-col gap-4">
          <Field
            label={i18n.t("Full name")}
            autoComplete="name"
            error={errors.full_name?.message}
            {...form.register("full_name")}
          />
          <Field
            label={i18n.t("User name")}
            autoCapitalize="none"
            spellCheck={false}
            autoComplete="username"
            error={errors.username?.message}
            {...form.register("username")}
          />
          <TextArea label={i18n.t("About")} error={errors.about?.message} {...form.register("about")} />
          <EmailField />
          <Field
            label={i18n.t("Phone (optional)")}
            type="tel"
            autoComplete="tel"
            hint={i18n.t("People who know the whole number can find you by it.")}
            error={errors.phone?.message}
            {...form.register("phone")}
          />
          <Select
            label={i18n.t("Time zone")}
            hint={i18n.t(
              "Times on your screens always follow the device. This zone is kept in your account for programs that use the API.",
            )}
            error={errors.time_zone?.message}
            {...form.register("time_zone")}
          >
            {zones.map((zone) => (
              <option key={zone} value={zone}>
                {zone.replaceAll("_", " ")}
              </option>
            ))}
          </Select>
          <div className="flex flex-wrap items-center gap-3">
            <Button look="primary" type="submit" busy={isSubmitting} disabled={!isDirty}>
              {i18n.t("Save profile")}
            </Button>
            {!isDirty && (
              <span className="text-sm text-muted">
                {isSubmitSuccessful ? i18n.t("Saved") : i18n.t("Nothing changed yet.")}
              </span>
            )}
          </div>
        </form>
      </Card>
    </SectionPage>
  );
}
