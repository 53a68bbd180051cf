import {
  badgeKey,
  type JournalRow,
  type PunchRow,
  type PunchTime,
} from "@clockleaf/shared/wire/punch.ts";
import { newTraceparent } from "@clockleaf/shared/wire/trace-context.ts";
import type { Feedback, Reading, StatusChange } from "./devices/driver.ts";
import type { Lookup } from "./directory/directory.ts";
import { type FeedbackConfig, judge } from "./verdict.ts";

export interface AcceptDeps {
  /** Resolves once the row is on disk; `isRepeat` when this very exchange was stored before. */
  append(row: JournalRow, deviceSeq: number | null): Promise<{ row: number; isRepeat: boolean }>;
  lookup(badge: string, atMs: number): Lookup;
  /** Wall, monotonic and boot of this instant; the terminal's own local time if it has a clock. */
  time(deviceLocal: string | null): PunchTime;
  readonly feedback: FeedbackConfig;
  onAccepted(accepted: Accepted): void;
  /** TEST HOOK: promises the person before the disk does. Breaks promise 1 on purpose, to prove the tests see it. */
  readonly confirmBeforeCommit: boolean;
}

/** A punch that is durable; what `tap` prints and displays beside light-less readers show. */
export interface Accepted {
  readonly row: number;
  readonly isRepeat: boolean;
  readonly punch: PunchRow;
  readonly feedback: Feedback;
}

/** The one door into the journal: reading → verdict → row → fsync → feedback, in this order and no other. */
export function createAccept(deps: AcceptDeps): (reading: Reading) => Promise<Feedback> {
  return async (reading) => {
    const time = deps.time(reading.deviceLocal);
    const lookup = deps.lookup(badgeKey(reading.credential), time.gatewayAtMs);
    const { verdict, feedback } = judge(lookup, reading.pin, deps.feedback);
    const punch: PunchRow = {
      kind: "punch",
      reader: reading.reader,
      credential: reading.credential,
      hint: reading.hint,
      time,
      pin: reading.pin,
      verdict,
      traceparent: newTraceparent(),
    };
    const committed = deps.append(punch, reading.deviceSeq).then((appended) => {
      deps.onAccepted({ ...appended, punch, feedback });
    });
    if (deps.confirmBeforeCommit) {
      committed.catch(() => undefined);
      return feedback;
    }
    await committed;
    return feedback;
  };
}

export function statusRow(
  reader: string | null,
  what: StatusChange | "started",
  time: PunchTime,
): JournalRow {
  return { kind: "status", reader, what, time };
}
