import {
  badgeKey,
  type JournalRow,
  type PunchRow,
  type PunchTime,
  punchedAtMs,
  type StatusWhat,
} from "@clockleaf/shared/wire/punch.ts";
import { newTraceparent } from "@clockleaf/shared/wire/trace-context.ts";
import type { Feedback, Reading } from "./devices/driver.ts";
import type { Lookup } from "./directory/directory.ts";
import type { Greeter, Told } from "./greeting/greeter.ts";
import { isCounted } from "./greeting/recent-punches.ts";
import type { Appended, Origin } from "./journal/store.ts";
import { type FeedbackConfig, judge, type Verdict } from "./verdict.ts";

export interface AcceptDeps {
  /** Resolves once the row is on disk; `isRepeat` when this very exchange was stored before. */
  append(row: JournalRow, origin: Origin | null): Promise<Appended>;
  lookup(badge: string, atMs: number): Lookup;
  readonly greeter: Greeter;
  /** The name for ever of a row of this journal. */
  punchIdOf(row: number): string;
  /** All that is known of when the reading was made: see `clock/`. */
  time(reading: Pick<Reading, "reader" | "deviceLocal" | "agoMs" | "recordKey">): PunchTime;
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
    const { reader, hint, pin, credential } = reading;
    const time = deps.time(reading);
    const here = { at: punchedAtMs(time), hint, reader };
    // Whoever comes while nobody knows the time is greeted as whom the badge names now.
    const heldAt = time.uncertaintyMs === null ? Number.MAX_SAFE_INTEGER : here.at;
    const lookup = deps.lookup(badgeKey(credential), heldAt);
    const holder = lookup.kind === "known" && isCounted({ pin, time }) ? lookup.entry : undefined;
    const judged = (storedAs?: string): Judged => {
      const told = holder === undefined ? null : deps.greeter.tell(holder, here, storedAs);
      return { told, ...judge(lookup, { pin, told }, deps.feedback) };
    };
    const first = judged();
    const punch: PunchRow = {
      kind: "punch",
      reader,
      credential,
      hint,
      time,
      pin,
      verdict: first.verdict,
      traceparent: newTraceparent(),
    };
    const committed = deps.append(punch, originOf(reading)).then(({ row, isRepeat }) => {
      const punchId = deps.punchIdOf(row);
      // Read again after a crash: it is remembered, and must not be taken for a second one.
      const { feedback, told } = isRepeat ? judged(punchId) : first;
      if (holder !== undefined && !isRepeat) {
        deps.greeter.remember(holder.employeeId, punchId, here);
      }
      deps.onAccepted({ row, isRepeat, punch, feedback, told });
      return feedback;
    });
    if (deps.confirmBeforeCommit) {
      committed.catch(() => undefined);
      return first.feedback;
    }
    return committed;
  };
}

/** What makes the journal know a reading again that it has; null when the wire tells nothing. */
function originOf({ deviceSeq, recordKey }: Reading): Origin | null {
  if (recordKey !== null) return { recordKey };
  return deviceSeq === null ? null : { deviceSeq };
}

interface Judged extends Verdict {
  readonly told: Told | null;
}

export function statusRow(
  reader: string | null,
  what: StatusWhat,
  now: Omit<PunchTime, "deviceLocal">,
): JournalRow {
  return { kind: "status", reader, what, time: { ...now, deviceLocal: null } };
}
