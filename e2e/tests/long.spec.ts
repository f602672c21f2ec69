// A conversation of a hundred thousand messages, read in both directions.
import type { Page } from "@playwright/test";
import { fill } from "../support/history";
import { expect, inbox, messages, messageWith, signsIn, test } from "../support/people";
import { Server } from "../support/server";

const COUNT = 100_000;

type Look = { jumps: string[]; seen: number[] };

/**
 * Scrolls by the wheel and compares, frame by frame, every row that is there before and after: all must have moved by
 * what was scrolled, and the texts must follow each other without a hole.
 */
async function scrolls(page: Page, down: boolean, turns: number): Promise<Look> {
  const look: Look = { jumps: [], seen: [] };
  for (let turn = 0; turn < turns; turn += 1) {
    await page.mouse.wheel(0, down ? 700 : -700);
    const step = await page.evaluate(async () => {
      const frame = () => new Promise((next) => requestAnimationFrame(next));
      const rows = () =>
        new Map(
          [...document.querySelectorAll<HTMLElement>('ul[aria-label="Messages"] > li')]
            .filter((row) => /number \d+:/.test(row.textContent ?? ""))
            .map((row) => [
              Number(/number (\d+):/.exec(row.textContent ?? "")?.[1]),
              Math.round(row.getBoundingClientRect().top),
            ]),
        );
      const jumps: string[] = [];
      await frame();
      await frame();
      let before = rows();
      // The wheel has been answered: from here on, whatever is loaded above or below must move nothing.
      for (let count = 0; count < 6; count += 1) {
        await frame();
        const after = rows();
        for (const [seq, top] of after) {
          const was = before.get(seq);
          const inView = top > 0 && top < innerHeight;
          if (was !== undefined && inView && Math.abs(top - was) > 2) jumps.push(`${seq}: ${was} → ${top}`);
        }
        before = after;
      }
      return { jumps, seqs: [...before.keys()] };
    });
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
    await expect(messageWith(ana, `number ${COUNT}:`)).toBeVisible();

    await messages(ana).hover();
    const up = await scrolls(page, false, 40);
    expect(up.jumps).toEqual([]);
    expect(holes(up.seen)).toEqual([]);
    expect(Math.min(...up.seen)).toBeLessThan(COUNT - 150);

    await page.goto(`/c/${id}?m=50000`);
    await expect(messageWith(ana, "number 50000:")).toBeInViewport();
    await page.waitForTimeout(500);
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
