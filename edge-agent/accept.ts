import {
  badgeKey,
  type JournalRow,
  type PunchRow,
  type PunchTime,
} from "@clockleaf/shared/wire/punch.ts";
import { newTraceparent } from "@clockleaf/shared/wire/trace-context.ts";
import type { Feedback, Reading, StatusChange } from "./devices/driver.ts";
import type { Lookup } from "./directory/directory.ts";
import type { Greeter, Told } from "./greeting/greeter.ts";
import { type FeedbackConfig, judge } from "./verdict.ts";

export interface AcceptDeps {
  /** Resolves once the row is on disk; `isRepeat` when this very exchange was stored before. */
  append(row: JournalRow, deviceSeq: number | null): Promise<{ row: number; isRepeat: boolean }>;
  lookup(badge: string, atMs: number): Lookup;
  readonly greeter: Greeter;
  /** The name for ever of a row of this journal. */
  punchIdOf(row: number): string;
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
  /** What the punch was said to mean; null where nothing was said. */
  readonly told: Told | null;
}

/** The one door into the journal: reading → verdict → row → fsync → feedback, in this order and no other. */
export function createAccept(deps: AcceptDeps): (reading: Reading) => Promise<Feedback> {
  return async (reading) => {
    const time = deps.time(reading.deviceLocal);
    const lookup = deps.lookup(badgeKey(reading.credential), time.gatewayAtMs);
    const here = { at: time.gatewayAtMs, hint: reading.hint, reader: reading.reader };
    const told = lookup.kind === "known" ? deps.greeter.tell(lookup.entry, here) : null;
    const { verdict, feedback } = judge(lookup, { pin: reading.pin, told }, deps.feedback);
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
      if (lookup.kind === "known" && verdict === "known" && !appended.isRepeat) {
        deps.greeter.remember(lookup.entry.employeeId, deps.punchIdOf(appended.row), here);
      }
      deps.onAccepted({ ...appended, punch, feedback, told });
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
