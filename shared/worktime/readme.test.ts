import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { affectedDays, computeWorkdays } from "./engine.ts";
import type { PunchFact } from "./facts.ts";
import { nextPunchMeaning } from "./next-punch.ts";
import { rulesSchema } from "./rules.ts";

const readme = readFileSync(join(import.meta.dirname, "README.md"), "utf8");

const punch = (punchId: string, time: string): PunchFact => ({
  kind: "punch",
  punchId,
  at: Date.parse(time),
  hint: null,
  site: "hq",
  reader: "door",
  zone: null,
});

describe("the README", () => {
  it("says of its example what the engine says", () => {
    const times = [...readme.matchAll(/punch\("(\w)", "([^"]+)"\)/g)];
    const [late, ...rest] = times.map(([, id = "", time = ""]) => punch(id, time)).toReversed();
    const rules = rulesSchema.parse({ zone: "Europe/Berlin", breakMaxMs: 45 * 60_000 });
    const [night] = computeWorkdays(rest, rules, { fromOn: "2026-10-01", toOn: "2026-10-31" });
    expect(rest).toHaveLength(4);
    expect(night).toMatchObject({ workdayOn: "2026-10-24", workedSeconds: 29_100 });
    expect(night?.punches[2]).toMatchObject({
      meaning: "in",
      reason: "came back during the shift",
    });
    expect(affectedDays(rest, late!, rules)).toEqual(["2026-10-24"]);
    const at = Date.parse("2026-10-25T06:00:20+01:00");
    expect(nextPunchMeaning(rest, rules, { at, hint: null })).toEqual({
      meaning: "repeat",
      reason: "20 s after a like punch",
    });
  });

  it("lists every rule", () => {
    for (const rule of Object.keys(rulesSchema.parse({})))
      expect(readme).toContain(`| \`${rule}\``);
  });
});
