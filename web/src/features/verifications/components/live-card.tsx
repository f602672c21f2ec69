import { i18n } from "@lingui/core";
import { useEffect, useState } from "react";
import type { Verification } from "../../../api/types";
import { countryName } from "../../../lib/countries";
import { formatExact } from "../../../lib/format";
import { formatPhone } from "../../../lib/phone";
import { Button } from "../../../ui/button";
import { CopyButton } from "../../../ui/copy-button";
import { useCancel, useServices } from "../queries";
import { isOpen, leftText, tookText } from "../words";
import { Mark } from "./mark";
import { SimulatedService } from "./simulated-service";

const SECOND = 1000;

/** One that waits, or whose code has just come: what one looks at while the other window asks for it. */
export function LiveCard({ verification }: { verification: Verification }) {
  const { service, service_name, number, code, temporary, took_ms, mode } = verification;
  const cancel = useCancel(verification);
  const services = useServices().data?.services ?? [];
  const canTry = mode === "test" && services.some(({ id, simulated }) => id === service && simulated);
  return (
    <li className="flex min-w-0 flex-col rounded-card border border-line bg-surface p-4">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <h3 className="min-w-0 font-semibold wrap-anywhere">{service_name}</h3>
        {temporary && <Mark>{i18n.t("Temporary")}</Mark>}
        {mode === "test" && <Mark>{i18n.t("Simulated")}</Mark>}
      </div>
      <div className="tabular text-sm text-muted">
        {number ? formatPhone(number) : countryName(verification.country)}
      </div>
      {code ? (
        <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-3">
          <output
            aria-label={i18n.t("Code of {service}", { service: service_name })}
            className="font-mono text-2xl font-semibold tracking-widest break-all"
          >
            {code}
          </output>
          <CopyButton text={code} label={i18n.t("Copy code")} />
        </div>
      ) : (
        <div className="mt-3 flex grow flex-wrap items-center gap-x-4 gap-y-3">
          <Waiting verification={verification} />
        </div>
      )}
      {took_ms !== null && (
        <p className="mt-2 text-sm text-muted">{i18n.t("Came after {time}", { time: tookText(took_ms) })}</p>
      )}
      {isOpen(verification) && (
        <div className="mt-3 flex flex-wrap items-center justify-end gap-2 border-t border-line pt-3">
          {canTry && number && <SimulatedService verification={verification} />}
          <Button busy={cancel.isPending} onClick={() => cancel.mutate()}>
            {i18n.t("Stop waiting")}
          </Button>
        </div>
      )}
    </li>
  );
}

function Waiting({ verification: { status, number, expires_at } }: { verification: Verification }) {
  const now = useNow();
  return (
    <>
      <div className="grow">
        <p className="flex items-center gap-2 text-lg">
          <span aria-hidden className="size-2 rounded-full bg-info" />
          {status === "ordering" ? i18n.t("Getting a number…") : i18n.t("Waiting for the code")}
        </p>
        <p className="tabular text-sm text-muted">
          <time dateTime={expires_at} title={formatExact(expires_at)}>
            {leftText(expires_at, now)}
          </time>
        </p>
      </div>
      {number && <CopyButton text={number} label={i18n.t("Copy number")} />}
    </>
  );
}

function useNow() {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), SECOND);
    return () => clearInterval(timer);
  }, []);
  return now;
}
