// How the server does, in sentences: first what needs somebody.
import { i18n } from "@lingui/core";
import type { CarrierHealth, SystemHealth } from "../../api/types";

const BUSY_PERCENT = 85;
const SLOW_MICROS = 100_000;
const LATE_SECS = 60;

export function linkOf({ enabled, linked_by: node }: CarrierHealth): string {
  if (!enabled) return i18n.t("Switched off");
  return node === null ? i18n.t("No link") : i18n.t("Linked by {node}", { node });
}

/** 3 days · 5 hours · 12 minutes */
export function duration(secs: number): string {
  if (secs >= 2 * 86_400)
    return i18n.t("{count, plural, one {# day} other {# days}}", { count: Math.floor(secs / 86_400) });
  if (secs >= 2 * 3600)
    return i18n.t("{count, plural, one {# hour} other {# hours}}", { count: Math.floor(secs / 3600) });
  return i18n.t("{count, plural, one {# minute} other {# minutes}}", { count: Math.floor(secs / 60) });
}

export function sentencesOf(health: SystemHealth): { text: string; well: boolean }[] {
  const said: { text: string; well: boolean }[] = [];
  const say = (well: boolean, text: string) => said.push({ well, text });
  const { cpu_percent: cpu, cores } = health.process;
  for (const carrier of health.carriers) {
    const { name, enabled, linked_by, unknown } = carrier;
    if (!enabled) say(true, i18n.t("The carrier {name} is switched off.", { name }));
    else if (linked_by !== null) say(true, i18n.t("The carrier {name} is linked.", { name }));
    else say(false, i18n.t("The carrier {name} has no link: its texts wait.", { name }));
    if (unknown > 0)
      say(
        false,
        i18n.t(
          "{count, plural, one {Of # text nobody knows whether {name} sent it.} other {Of # texts nobody knows whether {name} sent them.}}",
          { count: unknown, name },
        ),
      );
  }
  const parked = health.jobs.reduce((sum, queue) => sum + queue.parked, 0);
  if (parked > 0)
    say(
      false,
      i18n.t("{count, plural, one {# job gave up. See Jobs.} other {# jobs gave up. See Jobs.}}", { count: parked }),
    );
  if (health.late_secs >= LATE_SECS)
    say(false, i18n.t("Jobs are late: the oldest is due since {time}.", { time: duration(health.late_secs) }));
  if (parked === 0 && health.late_secs < LATE_SECS) say(true, i18n.t("Jobs are done in time."));
  if (health.database_answer_micros >= SLOW_MICROS) say(false, i18n.t("The database answers slowly."));
  else say(true, health.database === "sqlite" ? i18n.t("SQLite answers.") : i18n.t("PostgreSQL answers."));
  if (!health.bus) say(false, i18n.t("The other nodes cannot be reached: news between them is late."));
  if (cpu !== null && cpu / cores >= BUSY_PERCENT) say(false, i18n.t("The processor is busy."));
  return said.sort((one, other) => Number(one.well) - Number(other.well));
}
