import { mkdtempSync, readlinkSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TestController } from "../osdp/test-controller.ts";
import { createSite, type Site, type SiteOptions } from "./site.ts";

const MIDNIGHT = Date.UTC(2026, 10, 23);
const GREEN = [0, 0, 2, 20, 0, 2, 0, 20, 0, 0, 0, 0, 0, 0];
const POLL = 0x60;
const LED = 0x69;
const RAW = 0x50;
const KEYPAD = 0x53;
const HASH_KEY = 0x0d;

let dir: string;
const running: Array<() => Promise<void> | void> = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "clockleaf-site-"));
});
afterEach(async () => {
  for (const stop of running.splice(0).toReversed()) await stop();
  rmSync(dir, { recursive: true, force: true });
});

async function openSite(options: Partial<SiteOptions> = {}): Promise<Site> {
  const site = await createSite({
    seed: 7,
    people: 12,
    dir,
    speed: 200_000,
    startAtMs: MIDNIGHT + 5 * 3_600_000,
    ...options,
  });
  running.push(() => site.stop());
  return site;
}

/** Polls every OSDP reader and answers each tap with green; confirms what HID readers type. */
function startAgent(site: Site): void {
  const controllers = site.readers.flatMap((info) => {
    if (info.kind === "hid") return [];
    const controller = new TestController(site.osdpReader(info.id));
    expect(controller.handshake(Uint8Array.from(Buffer.from(info.scbkHex, "hex")))).toBe(true);
    return [controller];
  });
  const timer = setInterval(() => {
    for (const controller of controllers) {
      const { id, data } = controller.sendSecure(POLL);
      const isTap = id === RAW || (id === KEYPAD && data.at(-1) === HASH_KEY);
      if (isTap) controller.sendSecure(LED, GREEN);
    }
  }, 1);
  running.push(() => clearInterval(timer));
}

describe("a site", () => {
  it("opens three buses, twelve readers with keys of their own and two USB readers", async () => {
    const site = await openSite();
    expect(Object.keys(site.serialPaths)).toEqual(["bus-1", "bus-2", "bus-3"]);
    for (const path of Object.values(site.serialPaths))
      expect(readlinkSync(path)).toMatch(/^\/dev\//);
    expect(Object.keys(site.hidSocketPaths)).toEqual(["desk-1", "desk-2"]);
    const keys = site.readers.flatMap((reader) => (reader.kind === "osdp" ? [reader.scbkHex] : []));
    expect(new Set(keys).size).toBe(12);
  });

  it("is the same site for the same seed", async () => {
    const first = await openSite();
    const before = facts(first);
    await first.stop();
    expect(facts(await openSite())).toEqual(before);
  });

  it("plays the whole plan: every tap gets its light once and nobody taps twice without reason", async () => {
    const site = await openSite();
    startAgent(site);
    for (const [id, path] of Object.entries(site.hidSocketPaths)) {
      const socket = connect(path);
      await new Promise((resolve) => socket.once("connect", resolve));
      socket.on("error", () => undefined);
      running.push(() => void socket.destroy());
      await waitFor(() => site.hidReader(id).connected());
    }
    site.onTap(({ reader, badge }) => {
      if (reader.startsWith("desk")) {
        queueMicrotask(() => site.confirm({ reader, badge, light: "green" }));
      }
    });
    site.start();
    await site.done;
    await waitFor(() => site.pending() === 0);
    const taps = site.ledger.taps();
    const asDone = taps.map(({ person, badge, reader, meaning }) =>
      [person, badge, reader, meaning].join(" "),
    );
    const asPlanned = site.plan.map(({ person, badge, reader, meaning }) =>
      [person, badge.key, reader, meaning].join(" "),
    );
    expect(asDone.toSorted()).toEqual(asPlanned.toSorted());
    expect(taps.filter(({ light, seen }) => light !== "green" || !seen)).toEqual([]);
    expect(taps.every(({ fate }) => fate === "acknowledged")).toBe(true);
    expect(site.ledger.summary()).toMatchObject({ taps: site.plan.length, retaps: 0 });
  });

  it("lets people tap again and leave when no light comes, and keeps their taps for a late agent", async () => {
    const site = await openSite({ people: 3, patienceMs: 5, retaps: 2, reader: { memory: 512 } });
    site.start();
    await site.done;
    const osdp = site.plan.filter(({ reader }) => !reader.startsWith("desk"));
    expect(site.ledger.summary().lights.green).toBe(0);
    expect(site.ledger.taps()).toHaveLength(3 * site.plan.length);
    expect(site.pending()).toBeGreaterThan(0);

    startAgent(site);
    await waitFor(() => site.pending() === 0);
    const lit = site.ledger.taps().filter(({ light }) => light === "green");
    expect(lit).toHaveLength(3 * osdp.length);
    expect(lit.some(({ seen }) => seen)).toBe(false);
  });

  it("knows that a USB reader without an agent loses its taps", async () => {
    const site = await openSite({ patienceMs: 1, retaps: 0 });
    site.start();
    await site.done;
    const desk = site.ledger.taps().filter(({ reader }) => reader.startsWith("desk"));
    expect(desk.length).toBeGreaterThan(0);
    expect(desk.every(({ reason }) => reason === "nobody-listening")).toBe(true);
  });

  it("lets no display answer for a reader that has a light", async () => {
    const site = await openSite({ people: 3, patienceMs: 5, retaps: 0 });
    site.onTap(({ reader, badge }) => site.confirm({ reader, badge, light: "green" }));
    site.start();
    await site.done;
    const taps = site.ledger.taps().filter(({ reader }) => !reader.startsWith("desk"));
    expect(taps.filter(({ light }) => light !== "none")).toEqual([]);
    expect(taps.length).toBeGreaterThan(0);
  });

  it("hears confirmations from a feed and passes its failure on", async () => {
    const site = await openSite();
    await expect(site.listenTo(feed())).rejects.toThrow("the agent is gone");
  });

  it("sends everybody home when it stops", async () => {
    const site = await openSite({ speed: 1 });
    site.start();
    await site.stop();
    await expect(site.done).resolves.toBeUndefined();
  });

  it("refuses an unknown reader by its code", async () => {
    const site = await openSite();
    expect(() => site.osdpReader("nowhere")).toThrowError(
      expect.objectContaining({ code: "config.invalid" }),
    );
  });
});

const facts = (site: Site) => ({
  people: site.people,
  plan: site.plan,
  keys: site.readers.map((reader) => (reader.kind === "osdp" ? reader.scbkHex : reader.id)),
});

async function* feed() {
  yield { reader: "desk-1", badge: "number-0", light: "green" } as const;
  throw new Error("the agent is gone");
}

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
