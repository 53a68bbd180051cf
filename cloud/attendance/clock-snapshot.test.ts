import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import { constantRules, ruleSetSchema } from "@clockleaf/shared/worktime/rules.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { clockPunch } from "../../test/support/clock-punch.ts";
import { isRefusal } from "../eventing/decider.ts";
import { clockSnapshot } from "./clock-snapshot.ts";
import { type ClockState, clockDecider } from "./decider.ts";

const rules = constantRules(ruleSetSchema.parse({}));
const SEED = 20_261_130;
const two = (value: number): string => String(value).padStart(2, "0");

/** The state by what is in it, whatever order it was put there. */
const contents = (state: ClockState): unknown =>
  Object.fromEntries(
    Object.entries(state).map(([name, map]) => [
      name,
      [...map].toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ]),
  );

const throughStore = (state: ClockState): ClockState =>
  clockSnapshot.decode(
    decode(encode(clockSnapshot.encode(state)), z.unknown(), { what: "snapshot" }),
  );

const commandOf = (times: readonly string[]) => ({
  type: "record-clock" as const,
  employeeId: "ada",
  rules,
  punches: times.map((time) => clockPunch(time)),
});

describe("a snapshot of somebody's time", () => {
  it("taken anywhere, and gone on from, is the time that all events make", () => {
    const time = fc
      .tuple(fc.integer({ min: 5, max: 9 }), fc.integer({ min: 0, max: 23 }), fc.nat(59))
      .map(([day, hour, minute]) => `2026-01-${two(day)}T${two(hour)}:${two(minute)}`);
    const commands = fc.array(fc.uniqueArray(time, { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(commands, fc.nat(11), (all, cut) => {
        let plain = clockDecider.initial;
        let restored = clockDecider.initial;
        for (const [index, times] of all.entries()) {
          const events = clockDecider.decide(plain, commandOf(times));
          // What is decided on the restored state is the same to the letter.
          expect(clockDecider.decide(restored, commandOf(times))).toEqual(events);
          if (isRefusal(events)) throw new Error(events.code);
          for (const event of events) {
            plain = clockDecider.evolve(plain, event);
            restored = clockDecider.evolve(restored, event);
          }
          if (index === cut) restored = throughStore(restored);
        }
        expect(contents(throughStore(restored))).toEqual(contents(plain));
      }),
      { seed: SEED, numRuns: 60 },
    );
  });

  it("is refused if it is anything else", () => {
    expect(() => clockSnapshot.decode({})).toThrow();
    expect(() => clockSnapshot.decode({ facts: [["a", { kind: "nothing" }]] })).toThrow();
  });
});
