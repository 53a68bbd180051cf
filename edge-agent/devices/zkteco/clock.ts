import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { ClockVerdict, DriverDeps } from "../driver.ts";
import { REPLIES } from "./commands.ts";
import type { Link } from "./link.ts";
import { localOf, rawOf } from "./terminal-time.ts";

/** What is handed on for a day that no calendar has: it is no date there either. */
const NO_DATE = "no date";

export interface ClockLook {
  readonly offset: ClockVerdict["offset"];
  readonly wasSet: boolean;
}

export interface ClockQuestion {
  readonly reader: string;
  readonly deps: Pick<DriverDeps, "deviceClock" | "localTime" | "now">;
  /** Everything in the log has been handed over: only then may the clock be set. */
  readonly isLogRead: boolean;
  /** Somebody wants it set, however little it is off. */
  readonly isForced: boolean;
}

/**
 * Looks at the terminal's clock (201), tells what it shows, and sets it (202) where that is advised. Rejects with
 * `device.refused` when it cannot be read, or not be set although somebody asked.
 */
export async function lookAtClock(link: Link, question: ClockQuestion): Promise<ClockLook> {
  const { deps, isLogRead, isForced } = question;
  const { offset, advice } = await look(link, question);
  const isWanted = isLogRead && (isForced || advice === "set");
  if (!isWanted) return { offset, wasSet: false };
  const local = deps.localTime();
  if (local === null) {
    if (isForced) throw refused();
    return { offset, wasSet: false };
  }
  const time = Buffer.alloc(4);
  time.writeUInt32LE(rawOf(local));
  const [done] = await link.ask("setTime", time);
  if (done?.command !== REPLIES.ok) throw refused();
  const after = await look(link, question);
  return { offset: after.offset, wasSet: true };
}

async function look(link: Link, { reader, deps, isLogRead }: ClockQuestion): Promise<ClockVerdict> {
  const askedAt = deps.now();
  const [answer] = await link.ask("getTime");
  if (answer?.command !== REPLIES.ok || answer.data.length < 4) throw refused();
  return deps.deviceClock(reader, {
    deviceLocal: localOf(answer.data.readUInt32LE(0)) ?? NO_DATE,
    roundTripMs: deps.now() - askedAt,
    isLogRead,
  });
}

const refused = (): PlatformError =>
  new PlatformError(
    "device.refused",
    "the terminal's clock was not set: it refused, or the gateway does not know the time itself",
  );
