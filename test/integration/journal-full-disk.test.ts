import { closeSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { journalConfigSchema } from "../../edge-agent/journal/config.ts";
import { type Journal, openJournal } from "../../edge-agent/journal/journal.ts";
import { verifyJournal } from "../../edge-agent/journal/verify.ts";
import { codeOf } from "../../shared/lib/errors.ts";
import { silentLog } from "../../shared/lib/log.ts";
import { eventually } from "../support/eventually.ts";
import { available } from "../support/parts.ts";
import { makeCuttableDisk, missingForPowerCuts } from "../support/power-cut.ts";

// A file system that is really full, by somebody else's file: the journal is far from its own cap.

const missing = missingForPowerCuts();
const RESERVE = 2 * 1024 * 1024;

function takeAllSpace(file: string): void {
  const fd = openSync(file, "w");
  try {
    for (const size of [1 << 20, 1 << 12, 512]) {
      const chunk = Buffer.alloc(size, 1);
      try {
        for (;;) if (writeSync(fd, chunk) < size) break;
      } catch {
        // Full for this size; smaller ones may still fit.
      }
    }
  } finally {
    closeSync(fd);
  }
}

/** Appends groups until one is refused; returns why. */
async function untilRefused(journal: Journal): Promise<string> {
  for (;;) {
    const group = Array.from({ length: 50 }, () => append(journal));
    const refused = (await Promise.allSettled(group)).find(({ status }) => status === "rejected");
    if (refused?.status === "rejected") return codeOf(refused.reason);
  }
}

function append(journal: Journal): Promise<unknown> {
  const time = {
    gatewayAtMs: Date.now(),
    monotonicMs: 0,
    bootId: "boot",
    uncertaintyMs: null,
    deviceLocal: null,
  };
  return journal.append({ kind: "status", reader: null, what: "started", time }, null);
}

describe.skipIf(
  !available(`a small disk (${missing ?? ""})`, missing === undefined ? "yes" : undefined),
)("a file system without a free byte", () => {
  it("is said to be full, is lived with once rows are delivered, and the reserve is taken back later", async () => {
    using disk = makeCuttableDisk();
    const path = join(disk.path, "journal.sqlite");
    const filler = join(disk.path, "somebody-elses-logs");
    const config = journalConfigSchema.parse({ path, reserveBytes: RESERVE });
    const journal = await openJournal({ config, log: silentLog() });
    await Promise.all(Array.from({ length: 2000 }, () => append(journal)));
    takeAllSpace(filler);

    expect(await untilRefused(journal)).toBe("journal.full");
    const full = journal.lastRow();
    expect(journal.stats().state).toBe("open");
    expect(statSync(`${path}.reserve`).size).toBe(RESERVE);

    journal.markDelivered(full, 1);
    await append(journal);
    expect(journal.lastRow()).toBe(full + 1);
    expect(journal.stats().firstKeptRow).toBeGreaterThan(1);

    rmSync(filler);
    await eventually(
      () => statSync(`${path}.reserve`, { throwIfNoEntry: false })?.size === RESERVE,
    );
    await Promise.all(Array.from({ length: 500 }, () => append(journal)));
    await journal.close();
    expect(verifyJournal(path)).toMatchObject({ lastRow: full + 501, damage: null });
  });
});
