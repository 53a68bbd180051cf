import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createLog, silentLog } from "@clockleaf/shared/lib/log.ts";
import { hashPin } from "@clockleaf/shared/lib/pin-hash.ts";
import type { DirectoryEntry } from "@clockleaf/shared/wire/directory.ts";
import type { RosterPage, SiteRules } from "@clockleaf/shared/wire/roster.ts";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TempDir, tempDir } from "../../test/support/temp.ts";
import { type Directory, openDirectory } from "./directory.ts";

const HQ = { tenant: "acme", site: "hq", gateway: "gw1" };
const DAY_MS = 86_400_000;

let temp: TempDir;
let nowMs: number;
const opened: Directory[] = [];
beforeEach(() => {
  temp = tempDir("directory");
  nowMs = 1_700_000_000_000;
});
afterEach(() => {
  for (const directory of opened.splice(0)) directory.close();
  temp.remove();
});

const open = (identity = HQ): Directory => {
  const path = join(temp.path, "state", "directory.db");
  const directory = openDirectory({ path, identity, log: silentLog(), now: () => nowMs });
  opened.push(directory);
  return directory;
};
const reopen = (identity = HQ): Directory => {
  opened.pop()?.close();
  return open(identity);
};
const person = (employeeId: string, more: Partial<DirectoryEntry> = {}): DirectoryEntry => ({
  employeeId,
  greeting: `HI ${employeeId}`,
  state: "valid",
  validFromMs: 1000,
  pin: null,
  sites: ["hq"],
  groups: [],
  ...more,
});
type Change = RosterPage["changes"][number];
const page = (upTo: number, changes: Change[], more: Partial<RosterPage> = {}): RosterPage => ({
  generation: "first",
  changes,
  upTo,
  more: false,
  rules: null,
  ...more,
});
const ANNA = { badge: "number-1", entry: person("anna") };
const BEN = { badge: "number-2", entry: person("ben") };

it("knows nothing, not even that a badge is unknown, until it was loaded to the end", () => {
  const directory = open();
  directory.feed.apply(page(1, [ANNA], { more: true }));
  expect(directory.lookup("number-1", 5000)).toEqual({ kind: "known", entry: ANNA.entry });
  expect(directory.lookup("number-9", 5000)).toEqual({ kind: "not-loaded" });
  expect(directory.status().state).toBe("not-loaded");
  directory.feed.apply(page(2, []));
  expect(directory.lookup("number-9", 5000)).toEqual({ kind: "unknown" });
  expect(directory.status()).toEqual({ state: "loaded", entries: 1, ageMs: 0 });
});

it("an empty site is loaded too", () => {
  const directory = open();
  directory.feed.apply(page(0, []));
  expect(directory.lookup("number-1", 5000)).toEqual({ kind: "unknown" });
});

it("a badge is its holder's from the instant it was given on, and nobody's once withdrawn or deleted", () => {
  const directory = open();
  const withdrawn = { badge: "number-3", entry: person("carl", { state: "withdrawn" }) };
  directory.feed.apply(page(3, [ANNA, BEN, withdrawn]));
  expect(directory.lookup("number-1", 999).kind).toBe("unknown");
  expect(directory.lookup("number-1", 1000).kind).toBe("known");
  expect(directory.lookup("number-3", 1000).kind).toBe("withdrawn");
  directory.feed.apply(page(4, [{ badge: "number-2", entry: null }]));
  expect(directory.lookup("number-2", 1000).kind).toBe("unknown");
});

it("goes on from the last page after a restart, also in the middle of a load", () => {
  open().feed.apply(page(500, [ANNA], { more: true }));
  const again = reopen();
  expect(again.feed.nextRequest()).toEqual({ generation: "first", after: 500, rules: null });
  again.feed.apply(page(900, [BEN]));
  expect(reopen().status()).toMatchObject({ state: "loaded", entries: 2 });
});

it("a new generation replaces everything, and the old answers serve until it is complete", () => {
  const directory = open();
  directory.feed.apply(page(9, [ANNA, BEN]));
  const generation = "second";
  directory.feed.apply(page(1, [{ ...BEN, entry: person("bea") }], { generation, more: true }));
  expect(directory.status().state).toBe("loading");
  expect(directory.lookup("number-1", 5000).kind).toBe("known");
  directory.feed.apply(page(2, [], { generation }));
  expect(directory.lookup("number-1", 5000)).toEqual({ kind: "unknown" });
  expect(directory.lookup("number-2", 5000)).toMatchObject({ entry: { employeeId: "bea" } });
});

it("reads everything again once a day and drops what did not come", () => {
  const directory = open();
  directory.feed.apply(page(9, [ANNA, BEN]));
  nowMs += DAY_MS;
  expect(directory.feed.nextRequest()).toEqual({ generation: "first", after: 9, rules: null });
  nowMs += 1;
  expect(directory.feed.nextRequest()).toEqual({ generation: "first", after: 0, rules: null });
  directory.feed.apply(page(5, [ANNA], { more: true }));
  expect(directory.feed.nextRequest()).toEqual({ generation: "first", after: 5, rules: null });
  expect(directory.lookup("number-2", 5000).kind).toBe("known");
  directory.feed.apply(page(9, []));
  expect(directory.lookup("number-2", 5000).kind).toBe("unknown");
  expect(directory.feed.nextRequest()).toEqual({ generation: "first", after: 9, rules: null });
});

const rules = (revision: string): SiteRules => ({
  revision,
  zone: "Europe/Berlin",
  book: { groups: { house: { punches: { repeatWindow: "10s" } } }, assignments: [] },
});

const withRules = (revision: string): RosterPage =>
  page(0, [], { more: true, rules: rules(revision) });

describe("the rules of the site", () => {
  it("are none until they come, stay over a restart, and are asked for by their revision", () => {
    const directory = open();
    expect(directory.siteRules()).toBeUndefined();
    directory.feed.apply(withRules("r1"));
    expect(directory.siteRules()).toEqual(rules("r1"));
    const again = reopen();
    expect(again.siteRules()).toEqual(rules("r1"));
    expect(again.feed.nextRequest()).toEqual({ generation: "first", after: 0, rules: "r1" });
  });

  it("stay when pages bring none, and give way to others", () => {
    const directory = open();
    directory.feed.apply(withRules("r1"));
    directory.feed.apply(page(1, [ANNA]));
    expect(directory.siteRules()).toEqual(rules("r1"));
    directory.feed.apply(withRules("r2"));
    expect(reopen().siteRules()).toEqual(rules("r2"));
  });

  it("do not count as the directory: a badge is still not unknown, and the load goes on", () => {
    const directory = open();
    directory.feed.apply(withRules("r1"));
    expect(directory.lookup("number-9", 5000)).toEqual({ kind: "not-loaded" });
    directory.feed.apply(page(1, [ANNA]));
    expect(directory.lookup("number-9", 5000)).toEqual({ kind: "unknown" });
  });

  it("may be any size that fits into a message", () => {
    const description = "x".repeat(700_000);
    const large = { ...rules("r1"), book: { groups: { house: { description } } } };
    open().feed.apply(page(0, [], { more: true, rules: large }));
    expect(reopen().siteRules()).toEqual(large);
  });

  it("in a form that nobody can read are asked for again, and the badges are kept", () => {
    const directory = open();
    directory.feed.apply(withRules("r1"));
    directory.feed.apply(page(9, [ANNA]));
    opened.pop()?.close();
    const file = new Database(join(temp.path, "state", "directory.db"));
    file.prepare("UPDATE rules SET body = ?").run(Buffer.from("rubbish"));
    file.close();
    const again = open();
    expect(again.siteRules()).toBeUndefined();
    expect(again.feed.nextRequest()).toEqual({ generation: "first", after: 9, rules: null });
    expect(again.lookup("number-1", 5000).kind).toBe("known");
  });

  it("a file of the release before rules is loaded again", () => {
    open().feed.apply(page(9, [ANNA]));
    opened.pop()?.close();
    const file = new Database(join(temp.path, "state", "directory.db"));
    file.exec("DROP TABLE rules");
    file.pragma("user_version = 1");
    file.close();
    const again = open();
    expect(again.lookup("number-1", 5000)).toEqual({ kind: "not-loaded" });
    again.feed.apply(withRules("r1"));
    expect(again.siteRules()).toEqual(rules("r1"));
  });
});

it("says how old its knowledge is", () => {
  const directory = open();
  expect(directory.status().ageMs).toBeNull();
  directory.feed.apply(page(1, [ANNA]));
  nowMs += 90_000;
  expect(directory.status().ageMs).toBe(90_000);
});

it("checks a PIN, and says when none is set", async () => {
  const directory = open();
  const pin = await hashPin("4711");
  const withPin = { badge: "number-5", entry: person("dora", { pin }) };
  directory.feed.apply(page(1, [ANNA, withPin]));
  const check = (value: string, given: string): string =>
    directory.checkPin({ kind: "number", value }, given);
  expect(check("5", "4711")).toBe("verified");
  expect(check("5", "4712")).toBe("wrong");
  expect(check("5", "")).toBe("wrong");
  expect(check("1", "4711")).toBe("none-set");
  expect(check("404", "4711")).toBe("none-set");
});

it.each([
  ["rubbish", (path: string) => writeFileSync(path, "this is no database".repeat(500))],
  ["an empty file", (path: string) => writeFileSync(path, "")],
])("a file that is %s is thrown away and loaded again", (_what, damage) => {
  open().feed.apply(page(9, [ANNA]));
  opened.pop()?.close();
  damage(join(temp.path, "state", "directory.db"));
  const directory = open();
  expect(directory.feed.nextRequest()).toEqual({ generation: null, after: 0, rules: null });
  expect(directory.lookup("number-1", 5000)).toEqual({ kind: "not-loaded" });
});

it("a box moved to another site forgets the people of the first", () => {
  open().feed.apply(page(9, [ANNA]));
  const moved = reopen({ ...HQ, site: "plant" });
  expect(moved.lookup("number-1", 5000)).toEqual({ kind: "not-loaded" });
});

it("a directory that cannot be read takes punches without a greeting, and says so", () => {
  const lines: string[] = [];
  const log = createLog({ room: "test", destination: { write: (line) => void lines.push(line) } });
  const path = join(temp.path, "closed.db");
  const directory = openDirectory({ path, identity: HQ, log });
  directory.feed.apply(page(9, [ANNA]));
  directory.close();
  expect(directory.lookup("number-1", 5000)).toEqual({ kind: "not-loaded" });
  expect(lines.join()).toContain("the directory cannot be read");
});
