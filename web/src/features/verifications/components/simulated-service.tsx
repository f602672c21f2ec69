import { i18n } from "@lingui/core";
import { useState } from "react";
import { v4 as newId } from "uuid";
import type { Verification } from "../../../api/types";
import { Button } from "../../../ui/button";
import { useSendCode } from "../queries";

/** In the simulated world nobody texts by themselves, so one asks the service to. */
export function SimulatedService({ verification }: { verification: Verification }) {
  const send = useSendCode(verification);
  // Pressed twice, it texts once.
  const [wish] = useState(() => newId());
  return (
    <Button
      look="quiet"
      busy={send.isPending || send.isSuccess}
      onClick={() => send.mutate({ wish, language: i18n.locale || "en" })}
    >
      {i18n.t("Let {service} text it", { service: verification.service_name })}
    </Button>
  );
}
