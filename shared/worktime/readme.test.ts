import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { affectedDays, computeWorkdays, recompute } from "./engine.ts";
import type { PunchFact } from "./facts.ts";
import { nextPunchMeaning } from "./punches/next-punch.ts";
import { parseRuleBook, rulesFor } from "./rule-book.ts";
import { exceptionsTable, presetsTable, ruleBookTable, rulesTable } from "./rules-table.ts";

const FILE = join(import.meta.dirname, "README.md");
const readme = readFileSync(FILE, "utf8");

const punch = (punchId: string, time: string): PunchFact => ({
  kind: "punch",
  punchId,
  at: Date.parse(time),
  hint: null,
  site: "hq",
  reader: "door",
  zone: null,
});

/** The rule book of the example, as it stands there: an object literal without anything but literals. */
function bookOfExample(): unknown {
  const [, literal = ""] = /parseRuleBook\((\{.*?\n\})\);/s.exec(readme) ?? [];
  const plain = literal.replaceAll(/\/\/.*$/gm, "").replaceAll(/,(\s*[}\]])/g, "$1");
  return parse(plain); // flow style YAML takes unquoted keys
}

describe("the README", () => {
  it("says of its example what the engine says", () => {
    const book = parseRuleBook(bookOfExample());
    const rules = rulesFor(book, { personId: "mara", sites: ["hq"], groups: ["assembly"] });
    const times = [...readme.matchAll(/punch\("(\w)", "([^"]+)"\)/g)];
    const [late, ...rest] = times.map(([, id = "", time = ""]) => punch(id, time)).toReversed();
    expect(rest).toHaveLength(2);
    const [night] = computeWorkdays(rest, rules, { fromOn: "2026-10-01", toOn: "2026-10-31" });
    expect(night).toMatchObject({ workdayOn: "2026-10-24", workedSeconds: 36_000 });
    const seconds = (code: string): number =>
      [...(night?.claims ?? []), ...(night?.premiums ?? [])].reduce(
        (sum, each) => (each.code === code ? sum + each.seconds : sum),
        0,
      );
    expect([seconds("REG"), seconds("OT15"), seconds("NIGHT")]).toEqual([28_800, 7200, 30_600]);
    expect(affectedDays(rest, late!, rules)).toEqual(["2026-10-24", "2026-10-25"]);
    expect(recompute(rest, [late!], rules)).toHaveLength(2);
    const at = Date.parse("2026-10-25T06:30:20+01:00");
    expect(nextPunchMeaning(rest, rules, { at, hint: null })).toEqual({
      meaning: "repeat",
      reason: "20 s after a like punch",
    });
  });

  it("has a rule book in YAML that is one", () => {
    const [, yaml = ""] = /```yaml\n(.*?)```/s.exec(readme) ?? [];
    expect(parseRuleBook(parse(yaml)).assignments).toHaveLength(2);
  });

  it("names only rules that there are", () => {
    const table = rulesTable() + ruleBookTable();
    const [, mapping = ""] = /## Coming from another system\n(.*?)\n## /s.exec(readme) ?? [];
    const paths = [
      ...mapping.matchAll(
        /`((?:shifts|punches|rounding|schedule|meals|overtime|premiums|absences)\.[\w.]+)/g,
      ),
    ];
    expect(paths.length).toBeGreaterThan(15);
    for (const [, path = ""] of paths) expect(table).toContain(`\`${path}`);
  });

  it("has the tables of rules that the schemas have; WORKTIME_README=write puts them there", () => {
    const tables = {
      book: ruleBookTable(),
      presets: presetsTable(),
      rules: rulesTable(),
      exceptions: exceptionsTable(),
    };
    let written = readme;
    for (const [name, table] of Object.entries(tables)) {
      const between = new RegExp(
        `(<!-- generated:${name} -->\n).*?(<!-- /generated:${name} -->)`,
        "s",
      );
      expect(written).toMatch(between);
      written = written.replace(
        between,
        (_all, begin: string, end: string) => `${begin}\n${table.trim()}\n\n${end}`,
      );
    }
    if (process.env["WORKTIME_README"] === "write") writeFileSync(FILE, written);
    else expect(readme).toBe(written);
  });
});
