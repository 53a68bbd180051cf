import {
  gatewayAlarmRaised,
  overtimeCalculated,
  overtimeWithdrawn,
  punchQuarantined,
  punchRedated,
  quarantineResolved,
} from "@clockleaf/shared/events/attendance.ts";
import { STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Feed } from "../bridge.ts";
import type { MaxEntries } from "./config.ts";

/** A Redis stream and the one JetStream stream that it is fed from. More than one could not share a sequence of ids. */
export interface RedisFeed extends Feed {
  /** Without the configured prefix. */
  readonly key: string;
  /** Consumer groups that are there from the start, so that what comes before the first consumer waits for it. */
  readonly groups: readonly string[];
  /** Event types that go in; undefined = all. */
  readonly types: ReadonlySet<string> | undefined;
  readonly room: keyof MaxEntries;
}

/**
 * What somebody must look at, and what settles it: a gateway's alarm, a punch that belongs to nobody, overtime. Trail, not
 * state: an overtime of the same rule and day replaces the one before.
 */
export const ALERT_TYPES: ReadonlySet<string> = new Set([
  gatewayAlarmRaised.type,
  punchQuarantined.type,
  punchRedated.type,
  quarantineResolved.type,
  overtimeCalculated.type,
  overtimeWithdrawn.type,
]);

const feed = (
  room: keyof MaxEntries,
  stream: string,
  more: Partial<Pick<RedisFeed, "groups" | "types">> = {},
): RedisFeed => ({
  id: `${room}-stream`,
  stream,
  key: `${room}:stream`,
  groups: more.groups ?? [],
  types: more.types,
  room,
});

export const REDIS_FEEDS: readonly RedisFeed[] = [
  feed("attendance", STREAMS.attendance, { groups: ["attendance:processors"] }),
  feed("notifications", STREAMS.notification, { groups: ["notification:workers"] }),
  feed("audit", STREAMS.audit, { groups: ["audit:processors"] }),
  feed("alerts", STREAMS.attendance, { types: ALERT_TYPES }),
  feed("reports", STREAMS.reporting),
];

/**
 * Says who may write to the stream. A key of its own beside it, in the same hash slot: what stands in the braces is all that
 * a cluster looks at.
 */
export const writerKeyOf = (streamKey: string): string => `{${streamKey}}:writer`;
