import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PRESETS } from "@clockleaf/shared/worktime/presets/catalogue.ts";
import { parametersOfRules } from "@clockleaf/shared/worktime/rules-table.ts";
import { type Workday, workdaySchema } from "@clockleaf/shared/worktime/workday.ts";
import { afterAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { tempDir } from "../../test/support/temp.ts";
import { checkRules, explain, listPresets, listRules, WorktimeUsage } from "./worktime.ts";

const EXAMPLES = join(import.meta.dirname, "../../shared/worktime/examples");
const temp = tempDir("worktime");
afterAll(() => temp.remove());

const file = (name: string): string => join(EXAMPLES, name);

interface Asked {
  readonly example: string;
  readonly person: string;
  readonly date: string;
  readonly facts?: string;
}

const options = ({ example, person, date, facts }: Asked, json: boolean) => ({
  facts: facts ?? file(`${example}.facts.yaml`),
  rules: file(`${example}.rules.yaml`),
  person,
  date,
  json,
});
const textOf = (asked: Asked): string => explain(options(asked, false));

/** The day as data; each must be what the schema says, and nothing else. */
function dayOf(asked: Asked): { readonly posted?: Workday; readonly workday: Workday } {
  const { posted, workday, ...rest } = JSON.parse(explain(options(asked, true)));
  expect(rest["personId"]).toBe(asked.person);
  const days = [posted, workday].filter((day) => day !== undefined);
  for (const day of days) expect(workdaySchema.strict().parse(day)).toEqual(day);
  return { posted, workday };
}

const MARA = { example: "dst-night", person: "mara", date: "2026-10-24" };
const TOMAS = { example: "dst-night", person: "tomas", date: "2026-03-28" };
const ROSA = { example: "overtime-tiers", person: "rosa", date: "2026-06-13" };
const JO = { example: "late-punch", person: "jo", date: "2026-09-17" };

/** Seconds by pay code. */
function sums(day: Workday | undefined): Record<string, number> {
  const result: Record<string, number> = {};
  for (const { code, seconds } of [...(day?.claims ?? []), ...(day?.premiums ?? [])]) {
    result[code] = (result[code] ?? 0) + seconds;
  }
  return result;
}

describe("the shipped example days", () => {
  // examples/README.md shows how the texts are made
  it.each([MARA, TOMAS, ROSA, JO])("$example of $person reads as it is shipped", (asked) => {
    const shipped = readFileSync(file(`${asked.example}.${asked.person}.txt`), "utf8");
    expect(textOf(asked)).toBe(shipped);
    const widest = Math.max(...shipped.split("\n").map((line) => line.length));
    expect(widest).toBeLessThanOrEqual(132);
  });

  // the figures of the comments in the facts files, which were reckoned by hand
  it("a night is as long as it was: nine hours in autumn, seven in spring", () => {
    const { workday: autumn } = dayOf(MARA);
    const { workday: spring } = dayOf(TOMAS);
    expect(autumn).toMatchObject({ workedSeconds: 29_700, breakSeconds: 2700, exceptions: [] });
    expect(autumn.workedSeconds + autumn.breakSeconds).toBe(9 * 3600);
    expect(sums(autumn)).toEqual({ REG: 28_800, OT25: 900, NIGHT: 26_100 });
    expect(spring).toMatchObject({ workedSeconds: 22_500, breakSeconds: 2700, exceptions: [] });
    expect(spring.workedSeconds + spring.breakSeconds).toBe(7 * 3600);
    expect(sums(spring)).toEqual({ REG: 22_500, NIGHT: 18_900 });
  });

  it.each([
    ["2026-06-08", { REG: 21_600 }],
    ["2026-06-09", { REG: 28_800 }],
    ["2026-06-10", { REG: 28_800 }],
    ["2026-06-11", { REG: 28_800 }],
    ["2026-06-12", { REG: 28_800, OT15: 7200 }],
    ["2026-06-13", { REG: 7200, OT15: 36_000, OT20: 5400, MEALP: 3600 }],
  ])("overtime of the day counts for no week as well: %s", (date, expected) => {
    expect(sums(dayOf({ ...ROSA, date }).workday)).toEqual(expected);
  });

  it("a late punch and a correction change a posted day, and what is owed", () => {
    const { posted, workday } = dayOf(JO);
    expect(posted).toMatchObject({ workedSeconds: 13_740, breakSeconds: 1680 });
    expect(sums(posted)).toEqual({ REG: 13_740 });
    expect(posted?.exceptions.map(({ kind }) => kind)).toContain("missing-out");
    expect(workday).toMatchObject({ workedSeconds: 33_300, breakSeconds: 1680 });
    expect(sums(workday)).toEqual({ REG: 28_800, OT15: 4500 });
    expect(workday.exceptions.map(({ kind }) => kind)).not.toContain("missing-out");
  });
});

describe("worktime explain", () => {
  it("says the same whatever order facts stand in, and however often", () => {
    const facts = parse(readFileSync(file("late-punch.facts.yaml"), "utf8"));
    facts.people.jo.facts.reverse();
    facts.people.jo.facts.push(facts.people.jo.facts[0]);
    const shuffled = join(temp.path, "shuffled.yaml");
    writeFileSync(shuffled, stringify(facts));
    expect(textOf({ ...JO, facts: shuffled })).toBe(textOf(JO));
    expect(textOf(JO)).toBe(textOf(JO));
  });

  it("reads JSON as well", () => {
    const facts = parse(readFileSync(file("dst-night.facts.yaml"), "utf8"));
    const json = join(temp.path, "facts.json");
    writeFileSync(json, JSON.stringify(facts, null, 2));
    expect(textOf({ ...MARA, facts: json })).toBe(textOf(MARA));
  });

  it("names other days that late facts change: Friday gained what Saturday's week counts", () => {
    const facts = parse(readFileSync(file("overtime-tiers.facts.yaml"), "utf8"));
    // Friday's way out arrives late: until then Friday has the morning alone
    const { facts: list } = facts.people.rosa;
    const late = list.findIndex(({ punchId }: { punchId?: string }) => punchId === "fri-4");
    facts.people.rosa.later = list.splice(late, 1);
    const written = join(temp.path, "friday.yaml");
    writeFileSync(written, stringify(facts));
    const text = textOf({ ...ROSA, date: "2026-06-12", facts: written });
    expect(text).toContain("Other days that change: Sat 2026-06-13");
    const saturday = dayOf({ ...ROSA, facts: written });
    expect(sums(saturday.posted)["REG"]).toBeGreaterThan(7200);
    expect(sums(saturday.workday)).toEqual(sums(dayOf(ROSA).workday));
  });

  it("says so when what arrived later changes nothing of the day", () => {
    const facts = parse(readFileSync(file("late-punch.facts.yaml"), "utf8"));
    facts.people.jo.later = [facts.people.jo.facts[0]];
    const written = join(temp.path, "nothing.yaml");
    writeFileSync(written, stringify(facts));
    const text = textOf({ ...JO, facts: written });
    expect(text).toContain("CHANGED\nnothing of this day\n");
    expect(text).not.toContain("AS POSTED");
  });

  it("shows an empty day as empty, and days before any rule", () => {
    expect(textOf({ ...MARA, date: "2026-05-05" })).toBe(
      "Mara Lind (mara), Tue 2026-05-05, Europe/Berlin\nnothing is on this day\n",
    );
    expect(dayOf({ ...MARA, date: "1999-01-01" }).workday.punches).toEqual([]);
  });

  it.each([
    [
      { ...MARA, person: "maria" },
      /--person: .*dst-night\.facts\.yaml knows nobody "maria"; it has: mara, tomas/,
    ],
    [{ ...MARA, person: "constructor" }, /knows nobody "constructor"/],
    [{ ...MARA, date: "2026-02-30" }, /--date is a date such as 2026-10-25, not "2026-02-30"/],
    [{ ...MARA, date: "24.10.2026" }, /not "24\.10\.2026"/],
  ])("refuses words that fit no file: %o", (asked, message) => {
    expect(() => textOf(asked)).toThrow(WorktimeUsage);
    expect(() => textOf(asked)).toThrow(message);
  });
});

describe("worktime check", () => {
  it.each(["dst-night", "overtime-tiers", "late-punch"])("finds nothing wrong in %s", (example) => {
    expect(checkRules(file(`${example}.rules.yaml`))).toMatch(
      /1 policy group \([a-z-]+\), 1 assignment; nothing contradicts itself\n$/,
    );
  });

  it("points at a rule that contradicts another, and at a group nobody has", () => {
    const book = join(temp.path, "book.yaml");
    writeFileSync(
      book,
      "groups:\n  house:\n    shifts: { newShiftGap: 20h }\nassignments:\n  - { to: everyone, use: [huose], from: 2026-01-01 }\n",
    );
    expect(() => checkRules(book)).toThrow(/book\.yaml:3:\d+: .*newShiftGap/);
    expect(() => checkRules(book)).toThrow(/book\.yaml:5:\d+: .*huose/);
  });
});

describe("worktime rules and presets", () => {
  it("list every rule and every preset with its sources", () => {
    const rules = listRules();
    for (const { path } of parametersOfRules()) expect(rules).toContain(`| \`${path}\` |`);
    for (const title of ["Rule book", "Rules of a policy group", "Where", "Exceptions"])
      expect(rules).toContain(`## ${title}\n\n`);
    // a table that stands against the next heading is no table
    expect(rules).not.toMatch(/\|\n#/);
    expect(rules).toContain("- `where.branch`: ");

    const presets = listPresets();
    const flat = presets.replaceAll(/\s+/g, " ");
    expect(Math.max(...presets.split("\n").map((line) => line.length))).toBeLessThanOrEqual(132);
    for (const { name, description, sources } of PRESETS.values()) {
      expect(presets).toMatch(new RegExp(`^${name}(?: \\(on .*\\))?$`, "m"));
      for (const text of [description, ...sources]) expect(flat).toContain(text);
    }
  });
});
