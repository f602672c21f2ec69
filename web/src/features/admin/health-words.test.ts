import { expect, it } from "vitest";
import type { SystemHealth } from "../../api/types";
import { duration, sentencesOf } from "./health-words";

const carrier = {
  name: "simulator",
  mode: "test",
  enabled: true,
  linked_by: "a:1",
  queued: 0,
  waiting_since: null,
  on_the_wire: 0,
  unknown: 0,
};
const health = {
  version: "1",
  database: "sqlite",
  database_answer_micros: 90,
  bus: true,
  sockets: 1,
  late_secs: 0,
  jobs: [{ queue: "mail.send", waiting: 3, parked: 0 }],
  carriers: [carrier],
  process: { cpu_percent: 40, cores: 2, memory_bytes: 1, uptime_secs: 1 },
} as unknown as SystemHealth;

it("says nothing but what is well while all is", () => {
  expect(sentencesOf(health)).toEqual([
    { well: true, text: "The carrier simulator is linked." },
    { well: true, text: "Jobs are done in time." },
    { well: true, text: "SQLite answers." },
  ]);
});

it("does not complain of a carrier that somebody switched off", () => {
  const off = { ...carrier, enabled: false, linked_by: null };
  const said = sentencesOf({ ...health, carriers: [off] } as SystemHealth);
  expect(said[0]).toEqual({ well: true, text: "The carrier simulator is switched off." });
});

it("says first what needs somebody", () => {
  const ill = {
    ...health,
    late_secs: 600,
    bus: false,
    database_answer_micros: 300_000,
    carriers: [{ ...carrier, linked_by: null, unknown: 2 }],
    jobs: [{ queue: "mail.send", waiting: 0, parked: 1 }],
    process: { ...health.process, cpu_percent: 190 },
  } as SystemHealth;
  const said = sentencesOf(ill);
  expect(said.every(({ well }) => !well)).toBe(true);
  expect(said.map(({ text }) => text)).toEqual([
    "The carrier simulator has no link: its texts wait.",
    "Of 2 texts nobody knows whether simulator sent them.",
    "1 job gave up. See Jobs.",
    "Jobs are late: the oldest is due since 10 minutes.",
    "The database answers slowly.",
    "The other nodes cannot be reached: news between them is late.",
    "The processor is busy.",
  ]);
  expect(duration(3 * 86_400)).toBe("3 days");
});
