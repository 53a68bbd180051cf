import { hasCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { encodeCard } from "@clockleaf/shared/wire/card-format.ts";
import { CARD_FORMATS } from "@clockleaf/shared/wire/card-formats.ts";
import { credentialSchema } from "@clockleaf/shared/wire/punch.ts";
import { expect, test } from "vitest";
import { type Below, seededBelow } from "../../../test/support/seeded.ts";
import type { FeatureReports } from "../../ports/port.ts";
import type { DriverDeps, Reading } from "../driver.ts";
import { createReaderStanding } from "../reader-standing.ts";
import { pcproxConfigSchema } from "./config.ts";
import { createExchange } from "./exchange.ts";
import { Session } from "./session.ts";

const FRAMES = Number(process.env["FUZZ_FRAMES"] ?? 20_000);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_201);

/** The answers of a reader with a 26-bit card in its buffer, by the order's code. */
function goodAnswer(code: number, card: number): number[] {
  if (code === 0x8f) return [card & 0xff, (card >> 8) & 0xff, (card >> 16) & 0xff, 0, 0, 0, 0, 0];
  if (code === 0x8e) return [24, 24, 0, 0, 0, 0, 0, 0];
  if (code === 0x80) return [3, 5, 0x11, 16, 26, 0, 40, 0];
  if (code === 0x8a) return [0, 0, 0x30, 7, 0, 1, 0, 0];
  return [0, 0, 0, 0, 0, 0, 0, 0];
}

/** Random bytes of any length, or a good answer with bytes changed, left out or put in, or one of zeros. */
function mutant(whole: readonly number[], next: Below): number[] {
  const how = next(8);
  if (how === 0) return Array.from({ length: next(40) }, () => next(256));
  if (how === 1) return Array.from({ length: 8 }, () => 0);
  if (how === 2) return [...whole];
  const bytes = [...whole];
  for (let changes = next(4); changes >= 0; changes -= 1) {
    const at = next(bytes.length + 1);
    if (next(3) === 0) bytes.splice(at, next(2), next(256));
    else bytes[at] = next(256);
  }
  return bytes;
}

test.each(["red-green", "none"])(
  `light %s: ${FRAMES} random and mutated reports, seed ${SEED}: no throw, no growth, and in step at the next look`,
  async (light) => {
    const next = seededBelow(SEED);
    let [code, card, isNoisy] = [0, 1, true];
    const told = { reports: 0 };
    const features: FeatureReports = {
      async send(_, bytes) {
        code = bytes[0] ?? 0;
        if (isNoisy && next(50) === 0) throw refusal();
      },
      async get() {
        if (!isNoisy) return Uint8Array.from(goodAnswer(code, card));
        told.reports += 1;
        if (next(50) === 0) throw refusal();
        return Uint8Array.from(mutant(goodAnswer(code, card), next));
      },
    };
    const readings: Reading[] = [];
    let [counters, nowMs]: [Readonly<Record<string, number>>, number] = [{}, 0];
    const deps: DriverDeps = {
      ...nothing,
      accept(reading) {
        readings.push(reading);
        return Promise.resolve({ light: "green", text: null });
      },
      report: (health) => {
        counters = health.counters;
      },
      now: () => nowMs,
    };
    const standing = createReaderStanding("door", { deps, silence: "" });
    const session = new Session({
      exchange: createExchange(features),
      config: pcproxConfigSchema.parse({ reader: "door", light }),
      standing,
      deps,
      ended: new AbortController().signal,
    });
    const survive = async (work: () => Promise<void>): Promise<void> => {
      await work().catch((error: unknown) => {
        if (!hasCode(error, "device.refused")) throw error;
        session.blind();
      });
    };
    while (told.reports < FRAMES) {
      isNoisy = true;
      if (next(16) === 0) await survive(() => session.meet());
      for (let looks = next(16); looks >= 0; looks -= 1) {
        nowMs += 200;
        await survive(() => session.look());
      }
      for (const { credential } of readings.splice(0)) credentialSchema.parse(credential);
      isNoisy = false;
      await session.meet();
      // Far from the card before: what noise made of that one may be taken to lie there still.
      card = 1 + next(0xff_ffff);
      await session.look();
      // By chance the noise may have been this very card, which lies there since then.
      const taken = readings.splice(0).map(({ credential }) => credential);
      expect(taken, `after report ${told.reports}`).toContainEqual(cardOf(card));
    }
    standing.report();
    expect(Object.keys(counters).length).toBeLessThan(20);
    expect(counters["discarded_unsettled"]).toBeGreaterThan(0);
  },
);

const [h10301] = CARD_FORMATS;
const cardOf = (card: number): unknown =>
  h10301 && encodeCard(h10301, { facility: card >> 16, number: card & 0xffff });

const refusal = (): PlatformError =>
  new PlatformError("device.refused", "stalled", { retriable: true });

const nothing: DriverDeps = {
  accept: () => Promise.resolve({ light: "green", text: null }),
  checkPin: () => "none-set",
  lastDeviceSeq: () => null,
  statusChanged: () => undefined,
  report: () => undefined,
  progress: () => undefined,
  deviceClock: () => ({ offset: null, advice: "leave" }),
  localTime: () => null,
  offer: () => () => undefined,
  now: () => 0,
  runtimeDir: ".",
  log: silentLog(),
};
