import { dateOf } from "@clockleaf/shared/worktime/civil-time.ts";
import { parseRuleBook, type RuleBookInput } from "@clockleaf/shared/worktime/rule-book.ts";
import { type Rules, rulesOn } from "@clockleaf/shared/worktime/rules.ts";
import { describe, expect, it } from "vitest";
import { createPersonalRules, fingerprintOf, type Place } from "./personal-rules.ts";

const BOOK: RuleBookInput = {
  groups: { berlin: { zone: "Europe/Berlin" } },
  assignments: [
    { to: { group: "assembly" }, use: ["plain-8-40"], from: "2020-01-01" },
    { to: { group: "lab" }, use: ["california"], from: "2020-01-01" },
    { to: { group: "lab" }, use: ["us-rounding-15"], from: "2026-06-01" },
    { to: { site: "berlin" }, use: ["berlin"], from: "2020-01-01" },
  ],
};
const place = (from: string, group: string, site = "hq"): Place => ({
  fromAt: from === "" ? 0 : Date.parse(`${from}Z`),
  sites: [site],
  groups: [group],
});
const of = (...places: Place[]): Rules =>
  createPersonalRules(parseRuleBook(BOOK)).of("ada", places);
const told = ({ versions }: Rules): unknown[] =>
  versions.map(({ from, groups }) => [dateOf(from), groups.at(-1) ?? ""]);

describe("somebody's rules", () => {
  it("are those of the place they have always been at", () => {
    expect(told(of(place("", "assembly")))).toEqual(
      told(of(place("2026-03-01T10:00", "assembly"))),
    );
    expect(rulesOn(of(place("", "assembly")), 20_000).groups).toEqual(["plain-8-40"]);
  });

  it("are the book's for everyone where nobody knows them", () => {
    expect(of().versions).toHaveLength(1);
  });

  it("change on the day of a move and stay what they were before it", () => {
    expect(told(of(place("", "assembly"), place("2026-03-05T14:00", "lab")))).toEqual([
      ["1970-01-01", ""],
      ["2020-01-01", "plain-8-40"],
      ["2026-03-05", "california"],
      ["2026-06-01", "us-rounding-15"],
    ]);
  });

  it("end with the place, also those that would begin later", () => {
    expect(told(of(place("", "lab"), place("2026-03-05T14:00", "assembly"))).slice(-1)).toEqual([
      ["2026-03-05", "plain-8-40"],
    ]);
  });

  it("count the day of a move in the zone of the rules that begin", () => {
    const [, , version] = of(
      place("", "lab"),
      place("2026-03-05T23:30", "assembly", "berlin"),
    ).versions;
    expect(dateOf(version?.from ?? 0)).toBe("2026-03-06");
  });

  it("of two moves on one day are those of the second", () => {
    const rules = of(
      place("", "assembly"),
      place("2026-03-05T08:00", "lab"),
      place("2026-03-05T09:00", "assembly"),
    );
    expect(told(rules)).toEqual(told(of(place("", "assembly"))));
  });

  it("are one object for everybody with the same history, which the engine remembers by", () => {
    const rules = createPersonalRules(parseRuleBook(BOOK));
    const history = [place("", "assembly"), place("2026-03-05T14:00", "lab")];
    expect(rules.of("ada", history)).toBe(rules.of("bob", history));
    expect(rules.of("ada", history)).not.toBe(rules.of("ada", history.slice(0, 1)));
  });

  it("have a fingerprint that another process finds too, and other rules another one", () => {
    const history = [place("", "assembly"), place("2026-03-05T14:00", "lab")];
    expect(fingerprintOf(of(...history))).toBe(fingerprintOf(of(...history)));
    const [first, moved] = history;
    const later = { ...moved!, fromAt: moved!.fromAt + 86_400_000 };
    expect(fingerprintOf(of(first!, later))).not.toBe(fingerprintOf(of(...history)));
  });
});
