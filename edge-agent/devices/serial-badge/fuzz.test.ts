import { describe, expect, test } from "vitest";
import { type Below, seededBelow } from "../../../test/support/seeded.ts";
import { readBadge } from "./badge.ts";
import { type SerialBadgeConfig, serialBadgeConfigSchema } from "./config.ts";
import { readContent, trailerBytesOf } from "./content.ts";
import { createFramer, type FramerEvent } from "./framer.ts";
import { patternOf } from "./safe-pattern.ts";

const FRAMES = Number(process.env["FUZZ_FRAMES"] ?? 20_000);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_130);

const XOR = { kind: "xor", covers: "hex" };
const RDM = { preset: "rdm6300" };
const WAYS: readonly { readonly name: string; readonly config: object; readonly good: string }[] = [
  { name: "rdm6300", config: RDM, good: "\u0002100086F44426\u0003" },
  { name: "id-12", config: { preset: "id-12" }, good: "\u000262E3086CED08\r\n\u0003" },
  { name: "ascii-line", config: { preset: "ascii-line" }, good: "10042\r\n" },
  {
    name: "checksum byte behind the end",
    config: {
      framing: { kind: "stx-etx" },
      checksum: { kind: "lrc", written: "byte", place: "after-end", includeEnd: true },
    },
    good: "\u000210042\u0003\u0006",
  },
  {
    name: "fixed length",
    config: { framing: { kind: "length", start: 2, bytes: 12 }, checksum: XOR, radix: 16 },
    good: "\u0002100086F44426",
  },
  { name: "ended by a pause", config: { framing: { kind: "idle" } }, good: "10042" },
];

const good = (text: string): Uint8Array => Buffer.from(text, "latin1");

/** A frame of random bytes, or a good one with bytes changed, left out, doubled or put in. */
function mutant(whole: Uint8Array, next: Below): Uint8Array {
  if (next(4) === 0) return Uint8Array.from({ length: next(200) }, () => next(256));
  const bytes = Array.from(whole);
  for (let changes = next(4); changes >= 0; changes -= 1) {
    const at = next(bytes.length + 1);
    const how = next(4);
    if (how === 0) bytes[at] = next(256);
    else if (how === 1) bytes.splice(at, 1 + next(3));
    else if (how === 2) bytes.splice(at, 0, ...bytes.slice(0, next(bytes.length + 1)));
    else bytes.splice(at, 0, next(256), next(256));
  }
  return Uint8Array.from(bytes);
}

function badgesIn(events: readonly FramerEvent[], rules: SerialBadgeConfig): number {
  return events.filter((event) => {
    if (event.kind !== "frame") return false;
    const content = readContent(event, rules);
    const badgeRules = { ...rules, pattern: patternOf(rules.pattern) };
    return content.kind === "text" && readBadge(content.text, badgeRules).kind === "badge";
  }).length;
}

describe(`random and mutated frames, ${FRAMES} for each framing, seed ${SEED}`, () => {
  test.each(WAYS)("$name: no throw, no growth, every byte told once, and back in step", (way) => {
    const rules = serialBadgeConfigSchema.parse({ reader: "gate", ...way.config });
    const framer = createFramer({ ...rules, trailerBytes: trailerBytesOf(rules.checksum) });
    const next = seededBelow(SEED);
    const whole = good(way.good);
    let [nowMs, pushed, toldBytes] = [0, 0, 0];
    const tell = (events: readonly FramerEvent[]): readonly FramerEvent[] => {
      for (const event of events) toldBytes += event.bytes;
      return events;
    };
    const push = (bytes: Uint8Array): readonly FramerEvent[] => {
      pushed += bytes.length;
      return tell(framer.push(bytes, nowMs));
    };
    const mute: FramerEvent[] = [];
    for (let frame = 0; frame < FRAMES; frame += 1) {
      const bytes = mutant(whole, next);
      const at = next(bytes.length + 1);
      mute.push(...push(bytes.subarray(0, at)));
      nowMs += next(50);
      mute.push(...push(bytes.subarray(at)));
      badgesIn(mute.splice(0), rules);
      expect(toldBytes + framer.pending()).toBe(pushed);
      if (next(16) !== 0) continue;
      // After one more frame and a pause at the latest it reads again.
      push(whole);
      nowMs += rules.idleMs;
      tell(framer.expire(nowMs));
      const read = [...push(whole), ...tell(framer.expire(nowMs + rules.idleMs))];
      nowMs += rules.idleMs;
      expect(badgesIn(read, rules), `frame ${frame}`).toBe(1);
    }
  });
});
