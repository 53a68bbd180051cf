import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BadgeRules, createBadgeCollector, type Typed } from "./badge.ts";
import { createKeyFollower } from "./keys.ts";

const RULES: BadgeRules = {
  layout: "us",
  terminator: "any-enter",
  interKeyTimeoutMs: 500,
  minLength: 4,
  maxLength: 12,
};
const UP = new Uint8Array(8);
const ENTER = 0x28;
const KEYPAD_ENTER = 0x58;
const TAB = 0x2b;
const SHIFT = 0x02;
const ALT = 0x04;

const down = (usage: number, modifiers = 0): Uint8Array =>
  Uint8Array.of(modifiers, 0, usage, 0, 0, 0, 0, 0);
/** Digits of the top row, each pressed and let go. */
const digits = (text: string): Uint8Array[] =>
  Array.from(text, (digit) => [down(digit === "0" ? 0x27 : 0x1d + Number(digit)), UP]).flat();
const enter = (usage = ENTER): Uint8Array[] => [down(usage), UP];

interface Timed {
  readonly atMs: number;
  readonly report: Uint8Array;
}

/** What a session makes of reports that come 10 ms apart, or at their own times. */
function typed(reports: readonly (Uint8Array | Timed)[], some: Partial<BadgeRules> = {}): Typed[] {
  const follow = createKeyFollower();
  const collector = createBadgeCollector({ ...RULES, ...some });
  let nowMs = 0;
  const results = reports.flatMap((each) => {
    nowMs = "atMs" in each ? each.atMs : nowMs + 10;
    const event = follow("report" in each ? each.report : each);
    return event.kind === "pressed"
      ? collector.keys(event.presses, nowMs)
      : collector.spoil(event.reason, nowMs);
  });
  return [...results, ...collector.expire(nowMs + 100_000)];
}
const badge = (number: string, stripped = 0): Typed => ({ kind: "badge", number, stripped });
const discarded = (reason: string): unknown => ({ kind: "discarded", reason });

describe("a typed badge", () => {
  it("is its digits up to Enter, equal digits in a row included", () => {
    expect(typed([...digits("0012345678"), ...enter()])).toEqual([badge("0012345678")]);
  });

  it("is read from the numeric block too", () => {
    const block = [0x59, 0x62, 0x61, 0x5a].flatMap((usage) => [down(usage), UP]);
    expect(typed([...block, ...enter(KEYPAD_ENTER)])).toEqual([badge("1092")]);
  });

  it("does not double a key that is still held while the next goes down", () => {
    const both = Uint8Array.of(0, 0, 0x1e, 0x1f, 0, 0, 0, 0);
    const reports = [down(0x1e), both, down(0x1f), UP, ...digits("34"), ...enter()];
    expect(typed(reports)).toEqual([badge("1234")]);
  });

  it("takes capitals by shift, and letters by the configured layout", () => {
    const reports = [
      down(0x04, SHIFT),
      UP,
      down(0x1c),
      UP,
      down(0x1d),
      UP,
      ...digits("1"),
      ...enter(),
    ];
    expect(typed(reports)).toEqual([badge("Ayz1")]);
    expect(typed(reports, { layout: "de" })).toEqual([badge("Azy1")]);
    const french = [0x1e, 0x1f, 0x20, 0x27].flatMap((usage) => [down(usage, SHIFT), UP]);
    expect(typed([...french, ...enter()], { layout: "fr" })).toEqual([badge("1230")]);
  });

  it("loses the sentinels of a magnetic track, and says how many characters that were", () => {
    const track = [down(0x33), UP, ...digits("12345"), down(0x38, SHIFT), UP, ...enter()];
    expect(typed(track)).toEqual([badge("12345", 2)]);
  });

  it.each([
    ["enter", ENTER, [KEYPAD_ENTER, TAB]],
    ["keypad-enter", KEYPAD_ENTER, [ENTER, TAB]],
    ["tab", TAB, [ENTER, KEYPAD_ENTER]],
  ] as const)("ends at %s alone when that is configured", (terminator, usage, others) => {
    expect(typed([...digits("1234"), ...enter(usage)], { terminator })).toEqual([badge("1234")]);
    for (const other of others) {
      const reports = [...digits("1234"), ...enter(other), ...enter(usage)];
      expect(typed(reports, { terminator })).toEqual([discarded("unmapped-key")]);
    }
  });

  it("ends by a pause when no terminator is configured", () => {
    const reports = [...digits("1234"), { atMs: 2000, report: down(0x1e) }, UP, ...digits("567")];
    expect(typed(reports, { terminator: "none" })).toEqual([badge("1234"), badge("1567")]);
  });
});

describe("a badge with a gap is discarded, never guessed", () => {
  it.each([
    ["a report of the wrong length", Uint8Array.of(0, 0, 0x1e), "length"],
    ["a rollover error", Uint8Array.of(0, 0, 1, 1, 1, 1, 1, 1), "rollover"],
    ["a key that types nothing", down(0x3a), "unmapped-key"],
    ["a key with Alt", down(0x1e, ALT), "unmapped-key"],
  ])("for %s in its middle; the next badge is whole", (_, bad, reason) => {
    const reports = [
      ...digits("12"),
      bad,
      UP,
      ...digits("34"),
      ...enter(),
      ...digits("5678"),
      ...enter(),
    ];
    expect(typed(reports)).toEqual([discarded(reason), badge("5678")]);
  });

  it("for a pause in it, or a terminator that never comes", () => {
    const reports = [...digits("12"), { atMs: 520 + 40, report: down(0x20) }, UP, ...enter()];
    expect(typed(reports)).toEqual([discarded("no-terminator"), discarded("too-short")]);
    expect(typed(digits("1234"))).toEqual([discarded("no-terminator")]);
  });

  it("for too few or too many characters; nothing at all is no badge", () => {
    expect(typed([...digits("123"), ...enter()])).toEqual([discarded("too-short")]);
    expect(typed([...digits("1234567890123"), ...enter()])).toEqual([discarded("too-long")]);
    expect(typed([...enter(), ...enter()])).toEqual([]);
  });
});

describe("garbage", () => {
  it("never throws, never makes a number that is not one, and the badge after it is read", () => {
    const report = fc.uint8Array({ maxLength: 12 });
    fc.assert(
      fc.property(fc.array(report, { maxLength: 60 }), (noise) => {
        const calm = { atMs: 100_000, report: UP };
        const results = typed([...noise, calm, ...digits("4711"), ...enter()]);
        for (const each of results) {
          if (each.kind === "badge") expect(each.number).toMatch(/^[A-Za-z0-9_-]{4,12}$/);
        }
        expect(results.at(-1)).toEqual(badge("4711"));
      }),
      { numRuns: 500, seed: 20_261_124 },
    );
  });

  it("holds no more than one badge in memory, however long the noise", () => {
    const collector = createBadgeCollector(RULES);
    const press = { usage: 0x1e, isShifted: false, isChorded: false };
    for (let n = 0; n < 10_000; n++) collector.keys([press], n);
    expect(collector.keys([{ ...press, usage: ENTER }], 10_000)).toEqual([discarded("too-long")]);
    expect(collector.expire(20_000)).toEqual([]);
  });
});
