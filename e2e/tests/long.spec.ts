// A conversation of a hundred thousand messages, read in both directions.
import type { Page } from "@playwright/test";
import { fill } from "../support/history";
import { expect, inbox, messages, messageWith, signsIn, test } from "../support/people";
import { Server } from "../support/server";

const COUNT = 100_000;

const TURN_PX = 700;
/** On opening, the list aims at its place until the rows there are measured. */
const SETTLED_MS = 600;

type Look = { jumps: string[]; seen: number[] };
type Places = Record<number, number>;

/** Where every message stands; in the page, because it is asked frame by frame. */
function installEye() {
  const places = (): Places =>
    Object.fromEntries(
      [...document.querySelectorAll<HTMLElement>('ul[aria-label="Messages"] > li')].flatMap((row) => {
        const seq = /number (\d+):/.exec(row.textContent ?? "")?.[1];
        return seq ? [[seq, Math.round(row.getBoundingClientRect().top)]] : [];
      }),
    );
  Object.assign(window, { places });
}

/**
 * Turns the wheel and looks at each frame until all is still: every message that stays must have moved the way of the
 * wheel, never back and never further, whatever pages join above or below meanwhile.
 */
async function scrolls(page: Page, down: boolean, turns: number): Promise<Look> {
  await page.evaluate(installEye);
  const look: Look = { jumps: [], seen: [] };
  for (let turn = 0; turn < turns; turn += 1) {
    const from = await page.evaluate(() => (window as unknown as { places: () => Places }).places());
    await page.mouse.wheel(0, down ? TURN_PX : -TURN_PX);
    const step = await page.evaluate(
      async ({ from, way, most }) => {
        const { places } = window as unknown as { places: () => Places };
        const jumps: string[] = [];
        const moved: Record<string, number> = {};
        for (let still = 0, frame = 0; still < 6 && frame < 120; frame += 1) {
          await new Promise((next) => requestAnimationFrame(next));
          still += 1;
          for (const [seq, top] of Object.entries(places())) {
            const was = from[Number(seq)];
            if (was === undefined) continue;
            const now = (was - top) * way;
            if (now < (moved[seq] ?? 0) - 2 || now > most + 2) jumps.push(`${seq}: ${moved[seq] ?? 0} → ${now}`);
            if (now !== moved[seq]) still = 0;
            moved[seq] = now;
          }
        }
        const ways = new Set(Object.values(moved));
        if (Math.max(...ways) - Math.min(...ways) > 2) jumps.push(`apart: ${[...ways].join(", ")}`);
        return { jumps, seqs: Object.keys(places()).map(Number) };
      },
      { from, way: down ? 1 : -1, most: TURN_PX },
    );
    look.jumps.push(...step.jumps);
    look.seen.push(...step.seqs);
  }
  return look;
}

const holes = (seen: number[]) => {
  const sorted = [...new Set(seen)].sort((a, b) => a - b);
  return sorted.filter((seq, index) => index > 0 && seq !== (sorted[index - 1] as number) + 1);
};

test("a conversation of 100,000 messages scrolls both ways without jumps", async ({ somebody }) => {
  const server = await Server.startReady();
  try {
    const ana = await somebody("Ana", { url: server.url, signedIn: false });
    const ben = await somebody("Ben", { url: server.url, signedIn: false });
    const id = await ana.api.direct(ben.api.me);
    await server.stop();
    fill(server, id, COUNT);
    await server.run();

    const { page } = ana;
    await signsIn(ana);
    await inbox(ana).getByRole("link", { name: ben.name }).click();
    await expect(messageWith(ana, `number ${COUNT}:`)).toBeInViewport();
    await page.waitForTimeout(SETTLED_MS);
    await messages(ana).hover();
    const up = await scrolls(page, false, 40);
    expect(up.jumps).toEqual([]);
    expect(holes(up.seen)).toEqual([]);
    expect(Math.min(...up.seen)).toBeLessThan(COUNT - 150);

    await page.goto(`/c/${id}?m=50000`);
    await expect(messageWith(ana, "number 50000:")).toBeInViewport();
    await page.waitForTimeout(SETTLED_MS);
    const back = await scrolls(page, false, 25);
    const forth = await scrolls(page, true, 60);
    expect([...back.jumps, ...forth.jumps]).toEqual([]);
    expect(holes([...back.seen, ...forth.seen])).toEqual([]);
    expect(Math.min(...back.seen)).toBeLessThan(49_950);
    expect(Math.max(...forth.seen)).toBeGreaterThan(50_050);

    await page.getByRole("button", { name: "Go to the newest message" }).click();
    await expect(messageWith(ana, `number ${COUNT}:`)).toBeInViewport();
  } finally {
    await server.remove();
  }
});
