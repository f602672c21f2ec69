// A conversation of a hundred thousand messages, read in both directions.
import type { Page } from "@playwright/test";
import { fill } from "../support/history";
import { expect, inbox, messages, messageWith, signsIn, test } from "../support/people";
import { Server } from "../support/server";

const COUNT = 100_000;

const TURN_PX = 700;

type Look = { jumps: string[]; seen: number[] };
type Places = Record<string, number>;
type Eye = {
  look: () => Promise<Places>;
  settles: () => Promise<Places>;
  follows: (from: Places, way: 1 | -1, most: number) => Promise<{ jumps: string[]; places: Places }>;
  turned: Promise<unknown>;
};
type Seeing = { eye: Eye; unmeasured: Set<Element> };

/** Notes what is observed and was not measured yet; before anything of the client runs. */
function noteMeasuring() {
  const unmeasured = new Set<Element>();
  Object.assign(window, { unmeasured });
  window.ResizeObserver = class extends ResizeObserver {
    constructor(callback: ResizeObserverCallback) {
      super((entries, observer) => {
        callback(entries, observer);
        for (const { target } of entries) unmeasured.delete(target);
      });
    }
    override observe(target: Element, options?: ResizeObserverOptions) {
      unmeasured.add(target);
      super.observe(target, options);
    }
    override unobserve(target: Element) {
      unmeasured.delete(target);
      super.unobserve(target);
    }
  };
}

/** Looks at the messages from inside the page, because that is done frame by frame. */
function installEye() {
  const STILL_FRAMES = 6;
  const LONGEST_FRAMES = 1200;
  const list = () => document.querySelector<HTMLElement>('ul[aria-label="Messages"]') as HTMLElement;

  const painted = () =>
    new Promise<void>((done) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => done();
      requestAnimationFrame(() => port2.postMessage(null));
    });

  /** Where every message stands as it is shown: rows that are new count once they are measured, as before a paint. */
  const look = async () => {
    const { unmeasured } = window as unknown as Seeing;
    do await painted();
    while ([...unmeasured].some((element) => list().contains(element)));
    const places = [...list().children].flatMap((row) => {
      const seq = /number (\d+):/.exec(row.textContent ?? "")?.[1];
      return seq ? [[seq, row.getBoundingClientRect().top]] : [];
    });
    return Object.fromEntries(places) as Places;
  };

  const alike = (a: Places, b: Places) =>
    Object.keys(a).length === Object.keys(b).length && Object.keys(a).every((seq) => a[seq] === b[seq]);

  const settles = async () => {
    let places = await look();
    for (let still = 0, frame = 0; still < STILL_FRAMES && frame < LONGEST_FRAMES; frame += 1) {
      const next = await look();
      still = alike(places, next) ? still + 1 : 0;
      places = next;
    }
    return places;
  };

  const isAtEdge = (way: 1 | -1) => {
    const box = list().closest(".scroll-y") as HTMLElement;
    return way < 0 ? box.scrollTop <= 0 : box.scrollTop + box.clientHeight >= box.scrollHeight - 1;
  };

  /** Frame by frame until all is still: every message that is there moves the way of the wheel, alike, and not further. */
  const follows: Eye["follows"] = async (from, way, most) => {
    const jumps: string[] = [];
    let places = from;
    let [still, furthest] = [0, 0];
    for (let frame = 0; still < STILL_FRAMES || (furthest === 0 && !isAtEdge(way)); frame += 1) {
      if (frame > LONGEST_FRAMES) {
        jumps.push("the wheel moved nothing, or what it moved never came to rest");
        break;
      }
      const next = await look();
      const moved = Object.keys(next).flatMap((seq) =>
        seq in from ? [((from[seq] as number) - (next[seq] as number)) * way] : [],
      );
      const [least, longest] = [Math.min(...moved), Math.max(...moved)];
      if (moved.length > 0) {
        if (longest - least > 2) jumps.push(`apart: ${moved.join(", ")}`);
        if (least < furthest - 2) jumps.push(`back: ${furthest} → ${least}`);
        if (longest > most + 2) jumps.push(`too far: ${longest}`);
        furthest = Math.max(furthest, longest);
      }
      still = alike(places, next) ? still + 1 : 0;
      places = next;
    }
    return { jumps, places };
  };
  Object.assign(window, { eye: { look, settles, follows, turned: Promise.resolve() } });
}

/**
 * Turns the wheel and looks at each frame until all is still: every message that stays must have moved the way of the
 * wheel, never back and never further, whatever pages join above or below meanwhile.
 */
async function scrolls(page: Page, down: boolean, turns: number): Promise<Look> {
  await page.evaluate(installEye);
  const look: Look = { jumps: [], seen: [] };
  for (let turn = 0; turn < turns; turn += 1) {
    const from = await page.evaluate(() => {
      const { eye } = window as unknown as Seeing;
      eye.turned = new Promise((done) => addEventListener("wheel", done, { once: true, passive: true, capture: true }));
      return eye.settles();
    });
    await page.mouse.wheel(0, down ? TURN_PX : -TURN_PX);
    const step = await page.evaluate(
      async ({ from, way, most }) => {
        const { eye } = window as unknown as Seeing;
        await eye.turned;
        return eye.follows(from, way, most);
      },
      { from, way: down ? (1 as const) : (-1 as const), most: TURN_PX },
    );
    look.jumps.push(...step.jumps);
    look.seen.push(...Object.keys(step.places).map(Number));
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
    await page.addInitScript(noteMeasuring);
    await signsIn(ana);
    await inbox(ana).getByRole("link", { name: ben.name }).click();
    await expect(messageWith(ana, `number ${COUNT}:`)).toBeInViewport();
    await messages(ana).hover();
    const up = await scrolls(page, false, 40);
    expect(up.jumps).toEqual([]);
    expect(holes(up.seen)).toEqual([]);
    expect(Math.min(...up.seen)).toBeLessThan(COUNT - 150);

    await page.goto(`/c/${id}?m=50000`);
    await expect(messageWith(ana, "number 50000:")).toBeInViewport();
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
