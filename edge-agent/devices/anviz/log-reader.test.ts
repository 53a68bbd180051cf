import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { beforeEach, describe, expect, test } from "vitest";
import type { Reading } from "../driver.ts";
import { anvizConfigSchema } from "./config.ts";
import type { Conversation } from "./conversation.ts";
import { type BatchResult, LogReader } from "./log-reader.ts";
import { type Info, PAGE, type Request } from "./messages.ts";
import type { NamesState } from "./names.ts";

const [READER] = anvizConfigSchema.parse({ readers: [{ id: "gate", deviceNumber: 1 }] }).readers;
if (READER === undefined) throw new Error("no reader");

/** Data of an answer, or the code of what happens instead. */
type Answer = Uint8Array | "device.no-reply" | "device.refused";

const info = (records: number, newRecords: number): Uint8Array => {
  const bytes = Buffer.alloc(18);
  bytes.writeUIntBE(records, 12, 3);
  bytes.writeUIntBE(newRecords, 15, 3);
  return bytes;
};

const page = (from: number, count: number, secs = (user: number) => user): Uint8Array =>
  Buffer.concat([
    Uint8Array.of(count),
    ...Array.from({ length: count }, (_, at) => {
      const bytes = Buffer.alloc(14);
      bytes.writeUIntBE(from + at, 0, 5);
      bytes.writeUInt32BE(secs(from + at), 5);
      return bytes;
    }),
  ]);

const count = (value: number): Uint8Array => Uint8Array.of(0, value >> 8, value & 0xff);

describe("one batch of a terminal's log", () => {
  let asked: Request[];
  let script: Answer[];
  let counters: Record<string, number>;
  let stored: Reading[];
  let refuseFrom: number;
  let alarms: string[];
  let saved: NamesState | undefined;
  let infos: Info[];

  beforeEach(() => {
    asked = [];
    counters = {};
    stored = [];
    refuseFrom = Number.POSITIVE_INFINITY;
    alarms = [];
    saved = undefined;
    infos = [];
  });

  const talk: Conversation = {
    count: (name, by = 1) => void (counters[name] = (counters[name] ?? 0) + by),
    ask(request, read) {
      asked.push(request);
      const answer = script.shift();
      if (answer === undefined)
        return Promise.reject(new Error(`not in the script: ${request.ask}`));
      if (typeof answer === "string") return Promise.reject(new PlatformError(answer, "scripted"));
      const value = read(answer);
      return value === undefined ? Promise.reject(new Error("form")) : Promise.resolve(value);
    },
  };
  const reader = (pagesPerBatch = 4): LogReader =>
    new LogReader({
      reader: READER,
      pagesPerBatch,
      talk,
      file: {
        load: () => structuredClone(saved),
        save: (state) => (saved = structuredClone(state)),
      },
      accept(reading) {
        if (stored.length >= refuseFrom) {
          return Promise.reject(new PlatformError("journal.full", "no room"));
        }
        stored.push(reading);
        return Promise.resolve();
      },
      noted: (each) => infos.push(each),
      alarm: (message) => alarms.push(message),
      log: silentLog(),
    });
  const batch = (answers: Answer[], by = reader()): Promise<BatchResult> => {
    script = answers;
    return by.batch();
  };
  const words = (): string[] =>
    asked.map((each) => {
      if (each.ask === "all-records") return `all ${each.from} ${each.count}`;
      if (each.ask === "info" && each.isSure === true) return "info surely";
      if (each.ask === "new-records") return `${each.from} ${each.count}`;
      return each.ask === "clear-flags" ? `clear ${each.count}` : each.ask;
    });

  test("is as long as there are new records, and cleared by its number", async () => {
    const read = [page(1, 25), page(26, 25), page(51, 10), info(100, 60)];
    const answers = [info(100, 60), ...read, count(60)];
    expect(await batch(answers)).toBe("done");
    expect(words().join()).toBe("info,oldest 25,next 25,next 10,info surely,clear 60");
    expect(stored.map(({ credential }) => credential)).toEqual(
      Array.from({ length: 60 }, (_, at) => ({ kind: "number", value: `gate-${at + 1}` })),
    );
    expect(counters).toEqual({ records: 60, cleared: 60 });
    expect(infos).toEqual([{ users: 0, records: 100, newRecords: 60 }]);
  });

  test("is nothing when nothing is new", async () => {
    expect(await batch([info(100, 0)])).toBe("done");
    expect(words()).toEqual(["info"]);
  });

  test("is one page when there are more than fit into it, and says that there is more", async () => {
    const answers = [info(500, 300), page(1, 25), count(25)];
    expect(await batch(answers, reader(2))).toBe("more");
    expect(words()).toEqual(["info", "oldest 25", "clear 25"]);
  });

  test.each([
    ["does not come", "device.no-reply"],
    ["is refused", "device.refused"],
    ["is the page before once more", page(1, 25)],
    ["begins again at the oldest of all", page(900, 25, () => 0)],
    ["is empty", page(1, 0)],
  ] as const)(
    "is what was surely read when a page %s, and then one page at a time until all is well",
    async (_, second) => {
      const by = reader();
      expect(await batch([info(100, 60), page(1, 25), second, count(25)], by)).toBe("more");
      expect(await batch([info(100, 35), page(26, 25), count(25)], by)).toBe("more");
      expect(await batch([info(100, 10), page(51, 10), count(10)], by)).toBe("done");
      expect(words()).toEqual(
        ["info", "oldest 25", "next 25", "clear 25"].concat([
          "info",
          "oldest 25",
          "clear 25",
          "info",
          "oldest 10",
          "clear 10",
        ]),
      );
      expect(stored).toHaveLength(60);
      expect(counters["discarded_page"]).toBe(1);
    },
  );

  test.each([
    ["the terminal skipped one for an order that came twice", [page(51, 10), page(0, 0)]],
    ["somebody punched meanwhile", [page(26, 25), page(51, 10), info(101, 61)]],
  ] as const)("is its first page when %s", async (_, next) => {
    expect(await batch([info(100, 60), page(1, 25), ...next, count(25)])).toBe("more");
    expect(words().at(-1)).toBe("clear 25");
    expect(stored).toHaveLength(25);
  });

  test("clears no more than what is stored, up to the first that is not", async () => {
    refuseFrom = 7;
    const read = [page(1, 25), page(26, 25), page(51, 10), info(100, 60)];
    expect(await batch([info(100, 60), ...read, count(7)])).toBe("refused");
    expect(words().at(-1)).toBe("clear 7");
    expect(counters).toMatchObject({ records: 7, commits_refused: 1 });
  });

  test("clears nothing when nothing is stored", async () => {
    refuseFrom = 0;
    expect(await batch([info(100, 1), page(1, 1)])).toBe("refused");
    expect(words()).toEqual(["info", "oldest 1"]);
  });

  test("has the same names after a lost answer to the clearing, and others when it looks the same but is new", async () => {
    const same = page(1, 1, () => 77);
    await expect(batch([info(100, 1), same, "device.no-reply"])).rejects.toThrow("scripted");
    // Not cleared: the same record. A killed agent knows no more than what was saved.
    await batch([info(100, 1), same, "device.no-reply"]).catch(() => undefined);
    // Cleared, and somebody was there again on a clock that stands still.
    await batch([info(101, 1), same, count(1)]);
    expect(stored.map(({ recordKey }) => recordKey)).toEqual([
      "1.1.77.0.0",
      "1.1.77.0.0",
      "1.1.77.0.0.1",
    ]);
  });

  test("looks at the oldest once more when there are only new ones, for a full memory may have lost it", async () => {
    expect(await batch([info(2, 2), page(1, 2), page(2, 1)])).toBe("more");
    expect(words()).toEqual(["info", "oldest 2", "oldest 1"]);
    expect(counters["overwritten"]).toBe(1);
    asked = [];
    expect(await batch([info(2, 2), page(2, 2), page(2, 1), count(2)])).toBe("done");
    expect(words()).toEqual(["info", "oldest 2", "oldest 1", "clear 2"]);
  });

  test("does not mind that fewer were cleared than stored: the next one finds what is left", async () => {
    expect(await batch([info(100, 3), page(1, 3), count(2)])).toBe("done");
    expect(counters["clear_mismatches"]).toBe(1);
    expect(alarms).toEqual([]);
    await batch([info(100, 1), page(3, 1), count(1)]);
    expect(stored.map(({ recordKey }) => recordKey).at(-1)).toBe(stored[2]?.recordKey);
  });

  /** Three stored of a hundred records, cleared by an order that came twice; four were punched in between. */
  const clearedTwice = async (by: LogReader): Promise<void> => {
    await batch([info(100, 3), page(98, 3), count(3)], by);
    stored = [];
    asked = [];
  };
  /** What is asked before the log: counts, counts surely, and the only new record, the last. */
  const missing = (all: number): Answer[] => [info(all, 1), info(all, 1), page(all, 1)];
  const users = (): string[] =>
    stored.map(({ credential }) => (credential.kind === "number" ? credential.value : ""));

  test("finds in the whole log what was missed when more flags went than it asked for, before anything new", async () => {
    const by = reader();
    await clearedTwice(by);
    const log = [page(1, 25), page(26, 25), page(51, 25), page(76, 25), page(101, 4)];
    expect(await batch([...missing(104), ...log, info(104, 1)], by)).toBe("more");
    expect(words().slice(0, 4)).toEqual(["info", "info surely", "oldest 1", "all first 25"]);
    expect(words().slice(-2)).toEqual(["all next 4", "info surely"]);
    expect(users()).toEqual(["gate-101", "gate-102", "gate-103", "gate-104"]);
    expect(counters).toMatchObject({ missed: 3, missed_found: 3 });
    expect(alarms.at(-1)).toContain("3 records lost their new flag");
    expect(alarms.at(-1)).toContain("nothing is lost");
    // The new one among them has its name already.
    expect(await batch([info(104, 1), page(104, 1), count(1)], by)).toBe("done");
    expect(stored.at(-1)?.recordKey).toBe(stored.at(-2)?.recordKey);
  });

  test("believes no single count that is odd: it may be a late answer", async () => {
    const by = reader();
    await clearedTwice(by);
    expect(await batch([info(104, 1), info(101, 1), page(101, 1), count(1)], by)).toBe("done");
    expect(words()).toEqual(["info", "info surely", "oldest 1", "clear 1"]);
    expect(alarms).toEqual([]);
  });

  test("finds what was missed although pages on the way are lost, or the terminal begins anew", async () => {
    const by = reader();
    await clearedTwice(by);
    const log = [page(1, 25), "device.no-reply", page(51, 25), page(1, 25), page(26, 25)] as const;
    const rest = [page(51, 25), page(76, 25), page(101, 4), page(0, 0), info(104, 1)];
    expect(await batch([...missing(104), ...log, ...rest], by)).toBe("more");
    expect(users()).toEqual(["gate-101", "gate-102", "gate-103"]);
  });

  test("finds what was missed between the last one stored and the oldest new one, whatever is lost behind it", async () => {
    const by = reader();
    await clearedTwice(by);
    const log = [page(1, 25), page(26, 25), page(51, 25), page(76, 25), page(101, 25)];
    const rest = ["device.no-reply", page(151, 4), page(0, 0), info(154, 51)] as const;
    const counted = [info(154, 51), info(154, 51), page(104, 1)];
    expect(await batch([...counted, ...log, ...rest], by)).toBe("more");
    expect(users()).toEqual(["gate-101", "gate-102", "gate-103"]);
  });

  test("takes what was missed once from a terminal that begins anew and hands it over twice", async () => {
    const by = reader();
    await clearedTwice(by);
    const log = [page(1, 25), page(26, 25), page(51, 25), page(76, 25), page(101, 25)];
    const counted = [info(154, 51), info(154, 51), page(104, 1)];
    const rest = [page(151, 4), page(0, 0), info(154, 51)];
    expect(await batch([...counted, ...log, ...log, page(126, 25), ...rest], by)).toBe("more");
    expect(users()).toEqual(["gate-101", "gate-102", "gate-103"]);
  });

  test("does not believe a log of which an order that came twice skipped a page", async () => {
    const by = reader();
    await clearedTwice(by);
    const before = [...missing(130), page(1, 25), page(26, 25), page(51, 25)];
    // The records behind the place, without the first page of them.
    const skipped = [page(76, 25), page(126, 5), page(0, 0), info(130, 1)];
    expect(await batch([...before, ...skipped], by)).toBe("refused");
    expect(users()).toEqual([]);
  });

  test("says that it is not in the log, and goes on with what is new", async () => {
    const by = reader();
    await clearedTwice(by);
    const other = [page(501, 25), page(526, 25), page(551, 25), page(576, 25), page(601, 4)];
    const answers = [...missing(104), ...other, info(104, 1)];
    expect(await batch(answers, by)).toBe("more");
    expect(users()).toEqual([]);
    expect(alarms.at(-1)).toContain("not found in its log");
    expect(counters["missed_given_up"]).toBe(3);
    expect(await batch([info(104, 1), page(604, 1), count(1)], by)).toBe("done");
  });

  test("tries thirty times when the whole log is not handed over, and then says so", async () => {
    const by = reader();
    await clearedTwice(by);
    const refused: Answer[] = [...missing(104), "device.refused"];
    for (let time = 1; time < 30; time += 1) expect(await batch([...refused], by)).toBe("refused");
    expect(await batch([...refused], by)).toBe("more");
    expect(alarms).toHaveLength(2);
    expect(counters).toMatchObject({ missed: 3, missed_given_up: 3, re_reads_failed: 30 });
  });

  test("goes on when the names cannot be saved", async () => {
    const by = new LogReader({
      reader: READER,
      pagesPerBatch: 1,
      talk,
      file: {
        load: () => undefined,
        save() {
          throw new Error("no room");
        },
      },
      accept: () => Promise.resolve(),
      noted: () => undefined,
      alarm: () => undefined,
      log: silentLog(),
    });
    expect(await batch([info(9, 1), page(1, 1), count(1)], by)).toBe("done");
    expect(counters).toMatchObject({ cleared: 1, state_saves_failed: 2 + 1 });
  });

  test("cleared, is no longer kept in mind", async () => {
    const by = reader(8);
    await batch([info(900, 200), ...pages(8), info(900, 200), count(200)], by);
    expect(stored).toHaveLength(8 * PAGE);
    expect(saved?.custody).toEqual([]);
  });
});

const pages = (length: number): Uint8Array[] =>
  Array.from({ length }, (_, at) => page(1 + at * PAGE, PAGE));
