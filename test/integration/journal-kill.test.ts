import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exportRows } from "../../edge-agent/journal/inspect.ts";
import { verifyJournal } from "../../edge-agent/journal/verify.ts";
import { answersIn, startAppender } from "../support/journal-child.ts";
import { tempDir } from "../support/temp.ts";

// What a killed process proves: nothing is acknowledged before its commit, nothing committed is doubled by coming
// again, and the file opens at once. It proves nothing about fsync, which only a power cut does.

interface Life {
  readonly acksBeforeKill: number;
  readonly commitDelayMs: number;
}

const LIVES: readonly Life[] = [
  { acksBeforeKill: 1, commitDelayMs: 0 },
  { acksBeforeKill: 97, commitDelayMs: 0 },
  { acksBeforeKill: 400, commitDelayMs: 0 },
  { acksBeforeKill: 1500, commitDelayMs: 0 },
  { acksBeforeKill: 33, commitDelayMs: 20 },
];

describe("a journal whose process is killed with kill -9", () => {
  it("has every acknowledged punch exactly once, however often it is killed", async () => {
    using dir = tempDir("journal-kill");
    const path = join(dir.path, "journal.sqlite");
    const acked = new Map<string, number>();

    for (const life of LIVES) {
      let left = life.acksBeforeKill;
      const child = startAppender({
        path,
        readers: 8,
        punches: 1_000_000,
        commitDelayMs: life.commitDelayMs,
        onLine: (line) => {
          if (!line.startsWith("acked")) return;
          left -= 1;
          if (left === 0) child.kill();
        },
      });
      for (const answer of answersIn(await child.ended)) {
        expect(answer.kind).toBe("acked");
        acked.set(`${answer.reader}-${answer.seq}`, Number(answer.detail));
      }
      expect(child.process.signalCode).toBe("SIGKILL");
    }

    expect(verifyJournal(path).damage).toBeNull();
    const stored = new Map<string, number[]>();
    for (const { row, record, isSound } of exportRows(path)) {
      expect(isSound).toBe(true);
      if (record?.kind !== "punch" || record.credential.kind !== "number") throw new Error("row");
      const { value } = record.credential;
      stored.set(value, [...(stored.get(value) ?? []), row]);
    }
    expect(acked.size).toBeGreaterThan(2000);
    const misplaced = [...acked].filter(([punch, row]) => stored.get(punch)?.[0] !== row);
    expect(misplaced).toEqual([]);
    const doubled = [...stored].filter(([, rows]) => rows.length > 1);
    expect(doubled).toEqual([]);
    // A reader's punches are numbered on without a hole, so none was skipped between two lives either.
    for (let n = 0; n < 8; n++) {
      const own = [...stored.keys()].filter((punch) => punch.startsWith(`reader-${n}-`));
      expect(stored.has(`reader-${n}-${own.length}`)).toBe(true);
    }
  });
});
