import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseRuleBook } from "../worktime/rule-book.ts";
import { decode, encode } from "./codec.ts";
import { type DirectoryEntry, directoryEntrySchema } from "./directory.ts";
import { type RosterPage, rosterPageSchema, rosterRequestSchema } from "./roster.ts";

const what = { what: "test" };
const ANNA: DirectoryEntry = {
  employeeId: "anna",
  greeting: "Anna L.",
  state: "valid",
  validFromMs: 1,
  pin: null,
  sites: ["hq"],
  groups: ["nights"],
};
const page: RosterPage = {
  generation: "first",
  changes: [{ badge: "number-1", entry: ANNA }],
  upTo: 3,
  more: false,
  rules: null,
};

describe("a directory entry", () => {
  it("of an older cloud has no sites and no groups", () => {
    const { sites: _sites, groups: _groups, ...older } = ANNA;
    expect(decode(encode(older), directoryEntrySchema, what)).toEqual({
      ...ANNA,
      sites: [],
      groups: [],
    });
  });

  it("is read by an older gateway as it ever was", () => {
    const olderSchema = directoryEntrySchema.omit({ sites: true, groups: true });
    const { sites: _sites, groups: _groups, ...older } = ANNA;
    expect(decode(encode(ANNA), olderSchema, what)).toEqual(older);
  });
});

describe("a roster request", () => {
  it("of an older gateway takes no rules, and one that has none yet says so", () => {
    const older = decode(encode({ generation: null, after: 0 }), rosterRequestSchema, what);
    expect(older.rules).toBeUndefined();
    const fresh = { generation: null, after: 0, rules: null };
    expect(decode(encode(fresh), rosterRequestSchema, what)).toEqual(fresh);
  });
});

describe("a roster page", () => {
  it("of an older cloud brings no rules", () => {
    const { rules: _rules, ...older } = page;
    expect(decode(encode(older), rosterPageSchema, what)).toEqual(page);
  });

  it("brings a rule book that can be read as it was sent", () => {
    const book = parseRuleBook({
      groups: { house: { extends: ["plain-8-40"], punches: { repeatWindow: "10s" } } },
      assignments: [
        { to: "everyone", use: ["house"], from: "2026-01-01", until: "2026-12-31" },
        { to: { person: "anna" }, use: ["us-rounding-5"], from: "2026-02-28" },
      ],
    });
    const rules = { revision: "r1", zone: "Europe/Berlin", book };
    const arrived = decode(encode({ ...page, changes: [], rules }), rosterPageSchema, what);
    expect(parseRuleBook(arrived.rules?.book)).toEqual(book);
  });

  it("is not refused for rules that this release cannot read: the changes matter more", () => {
    const rules = { revision: "r1", zone: "Mars/Olympus", book: { groups: 7, moons: [] } };
    expect(decode(encode({ ...page, rules }), rosterPageSchema, what).changes).toHaveLength(1);
    expect(
      z.safeParse(rosterPageSchema, { ...page, rules: { ...rules, revision: 7 } }).success,
    ).toBe(false);
  });
});
