import type { PunchOrigin } from "@clockleaf/shared/events/attendance.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import { punchHintSchema } from "@clockleaf/shared/wire/punch.ts";
import { type RuleBook, rulesFor } from "@clockleaf/shared/worktime/rule-book.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { clockDecider } from "../../cloud/attendance/decider.ts";
import { isRefusal } from "../../cloud/eventing/decider.ts";
import { createGreeter } from "../../edge-agent/greeting/greeter.ts";
import { entryOf, everyoneUses } from "../support/greeting.ts";
import { RICH_RULES } from "../support/worktime-rules.ts";

const SEED = Number(process.env["WORKTIME_SEED"] ?? 20_260_112);
const RUNS = Number(process.env["WORKTIME_RUNS"] ?? 60);
process.stdout.write(`greeting property tests: seed ${SEED}, ${RUNS} runs for each rule set\n`);

describe("whatever the rules and the punches of a week", () => {
  const START = Date.UTC(2026, 2, 26); // the clocks of Berlin go forward on the 29th
  const punches = fc.array(
    fc.record({
      afterMs: fc.oneof(
        fc.integer({ min: 0, max: 90 }).map((seconds) => seconds * 1000),
        fc.integer({ min: 1, max: 90 }).map((minutes) => minutes * 60_000),
        fc.integer({ min: 1, max: 30 }).map((hours) => hours * 3_600_000),
      ),
      hint: fc.option(fc.constantFrom(...punchHintSchema.options), { nil: null, freq: 3 }),
      reader: fc.constantFrom("door", "gate"),
    }),
    { minLength: 1, maxLength: 16 },
  );

  it.each(Object.entries(RICH_RULES))(
    "the reader says what the cloud decides when the punch comes, with the rules “%s”",
    (_name, house) => {
      const book = everyoneUses(house);
      const site = { revision: "1", zone: "Europe/Berlin", book: decodedCopy(book) };
      const rules = rulesFor(book, { personId: "ada", sites: ["hq"], groups: [] });
      fc.assert(
        fc.property(punches, (made) => {
          const greeter = createGreeter({ site: "hq", siteRules: () => site, log: silentLog() });
          let state = clockDecider.initial;
          let at = START;
          for (const [index, { afterMs, hint, reader }] of made.entries()) {
            at += afterMs;
            if (at > START + 7 * 24 * 3_600_000) return;
            const punchId = `gw1-e-${String(index).padStart(3, "0")}`;
            const told = greeter.tell(entryOf("ada", "ada"), { at, hint, reader });
            greeter.remember("ada", punchId, { at, hint, reader });
            const punch = originOf({ punchId, at, hint, reader });
            const events = clockDecider.decide(state, {
              type: "record-clock",
              employeeId: "ada",
              punches: [{ punch, at, zone: site.zone }],
              rules,
            });
            if (isRefusal(events)) throw new Error("refused");
            state = events.reduce((now, event) => clockDecider.evolve(now, event), state);
            const reading = [...state.workdays.values()]
              .flatMap(({ workday }) => workday.punches)
              .find((each) => each.punchId === punchId);
            expect(told).toEqual({ meaning: reading?.meaning, reason: reading?.reason });
          }
        }),
        { seed: SEED, numRuns: RUNS },
      );
    },
  );
});

const decodedCopy = (book: RuleBook): unknown =>
  decode(encode(book), z.unknown(), { what: "rule book" });

const originOf = ({
  punchId,
  at,
  hint,
  reader,
}: Pick<PunchOrigin, "punchId" | "hint" | "reader"> & { readonly at: number }): PunchOrigin => ({
  punchId,
  site: "hq",
  gateway: "gw1",
  reader,
  badge: "number-1",
  time: { gatewayAtMs: at, monotonicMs: 1, bootId: "b", uncertaintyMs: 5, deviceLocal: null },
  hint,
  pin: "not-asked",
  verdict: "known",
});
