import { DOMAINS, type Domain, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Feed } from "../bridge.ts";
import type { CheckpointPlace } from "./checkpoint.ts";

export interface EventTopic {
  readonly name: string;
  /** For ever: another number would put the keys elsewhere and break their order. */
  readonly partitions: number;
  /** Whose events stay in order: those of a person, wherever an event names one, or those of each aggregate. */
  readonly key: "person" | "aggregate";
}

const EMPLOYEE = { name: "employee-events", partitions: 3, key: "person" } as const;
const ATTENDANCE = { name: "attendance-events", partitions: 6, key: "person" } as const;
const PAYROLL = { name: "payroll-events", partitions: 3, key: "person" } as const;
const AUDIT = { name: "audit-events", partitions: 12, key: "aggregate" } as const;

/** Where the events of a domain go. CLOCK, the raw readings, is not among them. */
const TOPIC_OF: Readonly<Record<Domain, EventTopic>> = {
  employee: EMPLOYEE,
  leave: EMPLOYEE,
  attendance: ATTENDANCE,
  payroll: PAYROLL,
  audit: AUDIT,
  notification: AUDIT,
  workflow: AUDIT,
  document: AUDIT,
  reporting: AUDIT,
  identity: AUDIT,
  webhook: AUDIT,
  fleet: AUDIT,
};

/** Compacted, one partition: how far each feed is, written in the transaction of what it tells of. */
export const CHECKPOINT_TOPIC = "clockleaf-checkpoints";

/** One per stream, for each stream has a sequence, and so a checkpoint, of its own. */
export const FEEDS: readonly Feed[] = DOMAINS.map((domain) => ({
  id: domain,
  stream: STREAMS[domain],
}));

/** Throws for a feed that is none of `FEEDS`. */
export function topicOf({ stream }: Feed, prefix: string): EventTopic {
  const domain = DOMAINS.find((each) => STREAMS[each] === stream);
  if (domain === undefined) throw new Error(`Kafka has no topic for ${stream}`);
  const topic = TOPIC_OF[domain];
  return { ...topic, name: `${prefix}${topic.name}` };
}

export interface FeedNames {
  /** Whoever initialises it last is the one writer of the feed. */
  readonly transactionalId: string;
  readonly checkpoint: CheckpointPlace;
}

export function namesOf(tenant: string, feed: Feed, prefix: string): FeedNames {
  const topic = topicOf(feed, prefix).name;
  return {
    transactionalId: `${prefix}clockleaf-${tenant}-${feed.stream}`,
    checkpoint: { topic: `${prefix}${CHECKPOINT_TOPIC}`, key: `${tenant}/${feed.stream}/${topic}` },
  };
}
