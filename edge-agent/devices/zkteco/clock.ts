import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { REPLIES } from "./commands.ts";
import type { ClockPolicy } from "./config.ts";
import type { Link } from "./link.ts";
import { aheadBy, rawNow } from "./terminal-time.ts";

/** Before this the gateway's own clock is plainly not set, and must not set anybody else's. */
const CLOCK_FLOOR_MS = Date.UTC(2026, 0, 1);

export interface ClockLook {
  /** Seconds the terminal was ahead of the gateway; null when it showed no date at all. */
  readonly aheadSeconds: number | null;
  readonly wasSet: boolean;
}

export interface ClockQuestion {
  readonly policy: ClockPolicy;
  /** UTC milliseconds of the gateway, when asked. */
  readonly wallMs: () => number;
  /** Somebody wants it set, whatever the policy and however little it is off. */
  readonly isForced: boolean;
}

/** Looks at the terminal's clock (201) and sets it (202) if the policy says so. Rejects with `device.refused`. */
export async function lookAtClock(link: Link, question: ClockQuestion): Promise<ClockLook> {
  const { policy, wallMs, isForced } = question;
  const [answer] = await link.ask("getTime");
  if (answer?.command !== REPLIES.ok || answer.data.length < 4) throw refused();
  const aheadSeconds = aheadBy(answer.data.readUInt32LE(0), wallMs(), policy.timeZone);
  const isOff = aheadSeconds === null || Math.abs(aheadSeconds) > policy.toleranceSeconds;
  const isWanted = isForced || (policy.set === "when-off" && isOff);
  if (!isWanted || wallMs() < CLOCK_FLOOR_MS) {
    if (isForced) throw refused();
    return { aheadSeconds, wasSet: false };
  }
  const time = Buffer.alloc(4);
  time.writeUInt32LE(rawNow(wallMs(), policy.timeZone));
  const [done] = await link.ask("setTime", time);
  if (done?.command !== REPLIES.ok) throw refused();
  return { aheadSeconds, wasSet: true };
}

const refused = (): PlatformError =>
  new PlatformError(
    "device.refused",
    "the terminal's clock was not set: it, or the gateway's own, is out of order",
  );
