import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exportRows } from "../../edge-agent/journal/inspect.ts";
import { verifyJournal } from "../../edge-agent/journal/verify.ts";
import { answersIn, startAppender } from "../support/journal-child.ts";
import { onPath } from "../support/on-path.ts";
import { available } from "../support/parts.ts";
import { tempDir } from "../support/temp.ts";

const strace = onPath("strace");

describe.skipIf(!available("strace", strace))("a disk that fails", () => {
  it.each([
    [
      "one failed fsync",
      ["-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO:when=40"],
    ],
    [
      "a failed fsync every 60",
      ["-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO:when=40+60"],
    ],
    ["a failed write", ["-e", "trace=pwrite64", "-e", "inject=pwrite64:error=EIO:when=200"]],
    [
      "a full disk for a while",
      ["-e", "trace=pwrite64", "-e", "inject=pwrite64:error=ENOSPC:when=200..230"],
    ],
  ])("%s: refuses, recovers by itself, and loses or doubles nothing", async (_, inject) => {
    using dir = tempDir("journal-disk");
    const path = join(dir.path, "journal.sqlite");
    const under = [strace ?? "", "-f", "-qq", "-o", join(dir.path, "strace.log"), ...inject];
    const child = startAppender({ path, readers: 2, punches: 100, under });
    const lines = await child.ended;
    expect(lines.at(-1)).toBe("closed");

    const answers = answersIn(lines);
    const refusals = new Set(answers.flatMap((a) => (a.kind === "refused" ? [a.detail] : [])));
    expect(refusals.size).toBeGreaterThan(0);
    const known = new Set(["journal.not-durable", "journal.unavailable", "journal.full"]);
    expect([...refusals].filter((code) => !known.has(code))).toEqual([]);

    expect(verifyJournal(path)).toMatchObject({ rows: 200, damage: null });
    const stored = [...exportRows(path)].map(({ record }) =>
      record?.kind === "punch" && record.credential.kind === "number"
        ? record.credential.value
        : "",
    );
    const acked = answers.flatMap((a) => (a.kind === "acked" ? [`${a.reader}-${a.seq}`] : []));
    expect(stored.toSorted()).toEqual(acked.toSorted());
    expect(new Set(stored).size).toBe(200);
  });
});
