import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tempDir } from "../../../test/support/temp.ts";
import { type LogPlace, namesStateSchema, RecordNames } from "./names.ts";
import { namesFile } from "./names-file.ts";

const place = (position: number, newRecords: number): LogPlace => ({ position, newRecords });

describe("names of records", () => {
  test("are what tells them apart", () => {
    expect(new RecordNames().name(["a", "b", "c"], place(0, 3))).toEqual(["a", "b", "c"]);
  });

  test("stay the same while a record is read again", () => {
    const names = new RecordNames();
    expect(names.name(["a", "a"], place(0, 2))).toEqual(["a", "a.1"]);
    expect(names.name(["a", "a", "a"], place(0, 3))).toEqual(["a", "a.1", "a.2"]);
    names.cleared(2);
    expect(names.name(["a", "a"], place(2, 2))).toEqual(["a.2", "a.3"]);
  });

  test("tell a record read again from one that looks the same, by the length of the log, when the answer was lost", () => {
    const before = new RecordNames();
    before.name(["a"], place(7, 1));
    const state = before.state();
    expect(new RecordNames(structuredClone(state)).name(["a"], place(7, 1))).toEqual(["a"]);
    expect(new RecordNames(structuredClone(state)).name(["a"], place(8, 1))).toEqual(["a.1"]);
  });

  test("go on behind what is gone, when a full memory gave up its oldest", () => {
    const names = new RecordNames();
    names.name(["a", "b", "c"], place(0, 3));
    expect(names.name(["b", "c", "b"], place(0, 3))).toEqual(["b", "c", "b.1"]);
  });

  test("with fewer records left than were named, are those of the newest", () => {
    const names = new RecordNames();
    names.name(["a", "a", "a"], place(0, 3));
    expect(names.name(["a"], place(2, 1))).toEqual(["a.2"]);
  });

  test("settle once nothing is new", () => {
    const names = new RecordNames();
    names.name(["a"], place(0, 1));
    expect([names.settle(place(1, 0)), names.settle(place(1, 0))]).toEqual([true, false]);
    expect(names.name(["a"], place(1, 1))).toEqual(["a.1"]);
  });

  test("know how many records were missed when flags were taken off unread, and name these before the new ones", () => {
    const names = new RecordNames();
    names.name(["a", "b"], place(10, 2));
    names.noteStored(2);
    names.cleared(2);
    // Five punches since, and the two clearings of an order that came twice.
    expect(names.isOdd(place(14, 3))).toBe(true);
    expect(names.missedAt(place(14, 3))).toBe(2);
    expect(names.missedFrom()).toEqual({ behind: ["a", "b"], index: 12 });
    // Killed while they are stored, and begun again.
    const keys = names.nameMissed(["a", "c", "d", "d", "e"]);
    const again = new RecordNames(structuredClone(names.state()));
    expect(keys).toEqual(["a.1", "c", "d", "d.1", "e"]);
    expect(again.missedAt(place(14, 3))).toBe(2);
    expect(again.nameMissed(["a", "c", "d", "d", "e"])).toEqual(keys);
    again.noteStored(5);
    expect(again.missedAt(place(14, 3))).toBe(0);
    expect(again.name(["d", "d", "e", "e"], place(14, 4))).toEqual(["d", "d.1", "e", "e.1"]);
  });

  test("of what was missed stay the same where less is read again than was named", () => {
    const names = new RecordNames();
    names.name(["a"], place(0, 1));
    names.noteStored(1);
    names.cleared(1);
    expect(names.nameMissed(["a", "a", "a", "a"])).toEqual(["a.1", "a.2", "a.3", "a.4"]);
    // All four are in the journal, but the agent was killed before it could note that.
    const again = new RecordNames(structuredClone(names.state()));
    expect(again.nameMissed(["a", "a"])).toEqual(["a.1", "a.2"]);
    again.noteStored(2);
    expect(again.nameMissed(["a", "a"])).toEqual(["a.3", "a.4"]);
  });

  test("see nothing missed in a log that was deleted, or whose oldest were overwritten", () => {
    const names = new RecordNames();
    names.name(["a"], place(9, 1));
    names.noteStored(1);
    names.cleared(1);
    expect([names.missedAt(place(0, 0)), names.missedAt(place(7, 3))]).toEqual([0, 0]);
    expect(names.isOdd(place(7, 3))).toBe(true);
    expect(names.isOdd(place(10, 3))).toBe(false);
  });

  test("remember as many people as a large site has, and no more", () => {
    const names = new RecordNames();
    for (let at = 0; at < 6_000; at += 1) {
      names.name([`r${at}`], place(at, 1));
      names.cleared(1);
    }
    const state = names.state();
    expect(namesStateSchema.safeParse(state).success).toBe(true);
    expect(state.counts).toHaveLength(4_096);
    expect(names.name(["r5999"], place(6_000, 1))).toEqual(["r5999.1"]);
  });
});

/** A terminal's log of records that look like few others, and a journal that knows each name once. */
describe("names against a log, with every answer lost now and then, and clearings that come twice", () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant("punch" as const), who: fc.nat(2) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant("collect" as const),
        page: fc.integer({ min: 1, max: 4 }),
        stored: fc.nat(4),
        ends: fc.constantFrom(
          ...(["well", "killed-before-clear", "clear-lost", "answer-lost", "clear-twice"] as const),
        ),
      }),
    },
  );

  test("nothing is lost and nothing doubled", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const log: { like: string; isNew: boolean; id: number }[] = [];
        const journal = new Map<string, number>();
        let saved = new RecordNames().state();
        const collect = (page: number, stored: number, ends: string): void => {
          // Each time an agent that was killed and started again: the worst case.
          const names = new RecordNames(structuredClone(saved));
          const fresh = log.filter(({ isNew }) => isNew);
          const where = place(log.length - fresh.length, fresh.length);
          const commit = (
            read: readonly { like: string; id: number }[],
            keys: string[],
          ): number => {
            saved = structuredClone(names.state());
            const committed = Math.min(stored, read.length);
            for (const [at, key] of keys.slice(0, committed).entries()) {
              const known = journal.get(key);
              const id = read[at]?.id ?? -1;
              if (known !== undefined && known !== id) throw new Error(`${key} is two records`);
              journal.set(key, id);
            }
            return committed;
          };
          const keep = (committed: number): void => {
            names.noteStored(committed);
            saved = structuredClone(names.state());
          };
          if (names.missedAt(where) > 0) {
            const missed = log.slice(names.missedFrom().index).slice(0, page + 2);
            const committed = commit(missed, names.nameMissed(missed.map(({ like }) => like)));
            if (ends !== "killed-before-clear") keep(committed);
            return;
          }
          if (fresh.length === 0) {
            if (names.settle(where)) saved = structuredClone(names.state());
            return;
          }
          const read = fresh.slice(0, page);
          const committed = commit(
            read,
            names.name(
              read.map(({ like }) => like),
              where,
            ),
          );
          if (committed === 0 || ends === "killed-before-clear") return;
          keep(committed);
          if (ends === "clear-lost") return;
          for (const each of fresh.slice(0, ends === "clear-twice" ? 2 * committed : committed)) {
            each.isNew = false;
          }
          if (ends === "answer-lost") return;
          names.cleared(committed);
          saved = structuredClone(names.state());
        };
        for (const each of steps) {
          if (each.do === "punch") log.push({ like: `u${each.who}`, isNew: true, id: log.length });
          else collect(each.page, each.stored, each.ends);
        }
        for (let round = 0; round < 2 * log.length + 2; round += 1) collect(4, 4, "well");
        expect([...journal.values()].toSorted((a, b) => a - b)).toEqual(log.map(({ id }) => id));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("the file of names", () => {
  test("gives back what was saved, and nothing for what is none", () => {
    using dir = tempDir("anviz-names");
    const file = namesFile(dir.path, "gate");
    expect(file.load()).toBeUndefined();
    const names = new RecordNames();
    names.name(["a", "a"], place(0, 2));
    file.save(names.state());
    expect(namesFile(dir.path, "gate").load()).toEqual(names.state());
    expect(namesFile(dir.path, "other").load()).toBeUndefined();
    expect(statSync(join(dir.path, "anviz-gate.state")).mode & 0o777).toBe(0o600);
    for (const text of ["{", "[]", '{"custody":[]}', "x".repeat(2_000_000)]) {
      writeFileSync(join(dir.path, "anviz-gate.state"), text);
      expect(file.load()).toBeUndefined();
    }
  });

  test("says when it cannot be written", () => {
    using dir = tempDir("anviz-names");
    mkdirSync(join(dir.path, "anviz-gate.state"));
    expect(() => namesFile(dir.path, "gate").save(new RecordNames().state())).toThrow();
  });
});
