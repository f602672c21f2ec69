import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { type ReactNode, useState } from "react";
import { type DefaultValues, type FieldValues, type Path, type UseFormProps, useForm } from "react-hook-form";
import type { GenericSchema } from "valibot";
import { ApiError } from "../../api/errors";
import { problemText } from "../../lib/problem-text";
import { Button } from "../../ui/button";
import { FormError } from "./form-error";

type Options<Values extends FieldValues> = {
  schema: GenericSchema<Values, Values>;
  begin: DefaultValues<Values>;
  mode?: UseFormProps<Values>["mode"];
  /** Where to go on when all of it together was refused. */
  refused?: Path<Values>;
  send: (values: Values) => Promise<void>;
};

/** The fields of a card: what the server refuses stands at its field, or above all of them. */
export function useCardForm<Values extends FieldValues>({ schema, begin, mode, refused, send }: Options<Values>) {
  const [refusal, setRefusal] = useState<string | null>(null);
  const form = useForm<Values>({ resolver: standardSchemaResolver(schema), mode, defaultValues: begin });
  const submit = form.handleSubmit(async (values) => {
    setRefusal(null);
    try {
      await send(values);
    } catch (error) {
      const field = error instanceof ApiError ? error.problem.field : null;
      if (field && field in values) {
        form.setError(field as Path<Values>, { message: problemText(error) }, { shouldFocus: true });
      } else {
        setRefusal(problemText(error));
        if (refused) form.setFocus(refused);
      }
    }
  });
  const { errors, isSubmitting } = form.formState;
  /** Everything that a field of this name needs. */
  const field = (name: Path<Values>) => ({
    ...form.register(name),
    error: errors[name]?.message as string | undefined,
  });
  return { field, control: form.control, shown: { submit, refusal, busy: isSubmitting } };
}

type Props = ReturnType<typeof useCardForm>["shown"] & { action: string; below?: ReactNode; children: ReactNode };

export function CardForm({ submit, refusal, busy, action, below, children }: Props) {
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <FormError text={refusal} />
      {children}
      <Button look="primary" type="submit" wide busy={busy}>
        {action}
      </Button>
      {below}
    </form>
  );
}
