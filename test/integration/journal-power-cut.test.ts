import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { journalConfigSchema } from "../../edge-agent/journal/config.ts";
import { exportRows } from "../../edge-agent/journal/inspect.ts";
import { openJournal } from "../../edge-agent/journal/journal.ts";
import { verifyJournal } from "../../edge-agent/journal/verify.ts";
import { silentLog } from "../../shared/lib/log.ts";
import { answersIn, startAppender } from "../support/journal-child.ts";
import { onPath } from "../support/on-path.ts";
import { available } from "../support/parts.ts";
import { makeCuttableDisk, missingForPowerCuts } from "../support/power-cut.ts";
import { tempDir } from "../support/temp.ts";

// The only test that sees whether an acknowledgement waits for the fsync: a killed process loses nothing either way.

const missing = missingForPowerCuts();
const strace = onPath("strace");
const isPossible = [
  available(`power cuts (${missing ?? ""})`, missing === undefined ? "yes" : undefined),
  available("strace", strace),
].every(Boolean);

const ACKS_BEFORE_CUT = [1, 150, 900, 2500];

interface Cut {
  readonly acks: number;
  /** Makes every fsync a lie, to see that the test would notice. */
  readonly isSyncSwallowed: boolean;
}

/** Appends, cuts the power after `acks` acknowledgements, and returns how many of them are gone afterwards. */
async function lostIn({ acks, isSyncSwallowed }: Cut): Promise<{ acked: number; lost: number }> {
  using disk = makeCuttableDisk();
  using logs = tempDir("power-cut-log");
  const path = join(disk.path, "clockleaf", "journal.sqlite");
  const options = "-f -qq -e trace=fsync,fdatasync -e inject=fsync,fdatasync:retval=0".split(" ");
  const swallow = [strace ?? "", ...options, "-o", join(logs.path, "strace.log")];
  let left = acks;
  const child = startAppender({
    path,
    readers: 8,
    punches: 1_000_000,
    ...(isSyncSwallowed && { under: swallow }),
    onLine: (line) => {
      if (!line.startsWith("acked")) return;
      left -= 1;
      if (left !== 0) return;
      disk.cut();
      child.kill();
    },
  });
  const acked = answersIn(await child.ended).filter(({ kind }) => kind === "acked");
  disk.restore();
  const stored = await storedIn(path);
  const lost = acked.filter(({ reader, seq }) => !stored.has(`${reader}-${seq}`));
  return { acked: acked.length, lost: lost.length };
}

async function storedIn(path: string): Promise<ReadonlySet<string>> {
  if (!existsSync(path)) return new Set();
  const config = journalConfigSchema.parse({ path, reserveBytes: 0 });
  const journal = await openJournal({ config, log: silentLog() });
  await journal.close();
  expect(verifyJournal(path).damage).toBeNull();
  const values = [...exportRows(path)].map(({ record }) =>
    record?.kind === "punch" && record.credential.kind === "number" ? record.credential.value : "",
  );
  expect(new Set(values).size).toBe(values.length);
  return new Set(values);
}

describe.skipIf(!isPossible)("a power cut", () => {
  it.each(ACKS_BEFORE_CUT)("after %i acknowledgements loses none of them", async (acks) => {
    const { acked, lost } = await lostIn({ acks, isSyncSwallowed: false });
    expect(acked).toBeGreaterThanOrEqual(acks);
    expect(lost).toBe(0);
  });

  it("would be noticed: with every fsync swallowed, acknowledged punches are gone", async () => {
    const { lost } = await lostIn({ acks: 300, isSyncSwallowed: true });
    expect(lost).toBeGreaterThan(0);
  });
});
