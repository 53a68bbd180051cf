import { CATALOGUE } from "@clockleaf/shared/events/catalogue.ts";
import * as notification from "@clockleaf/shared/events/notification.ts";
import { requestOpened } from "@clockleaf/shared/events/workflow.ts";
import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import {
  type Channel,
  DEAD_LETTER_SUBJECTS,
  type Domain,
  parseEventSubject,
  STREAMS,
} from "@clockleaf/shared/subjects.ts";
import type { NatsConnection } from "nats";
import { causeOfEvent, causeOfTimer } from "../eventing/cause.ts";
import {
  type ConsumerRunner,
  type ConsumerRunnerOptions,
  createConsumerRunner,
} from "../eventing/consumer-runner.ts";
import { DEAD_LETTER_HEADERS } from "../eventing/dead-letter.ts";
import { decidedAs } from "../eventing/decided-as.ts";
import type { EventStore, StoredEvent } from "../eventing/event-store.ts";
import type { Reaction } from "../eventing/reaction.ts";
import { type NotificationCommands, SOURCE } from "./commands.ts";
import type { WebhookConfig } from "./config.ts";
import type { MessageEvent } from "./decider.ts";
import { isAlarm } from "./kinds.ts";
import { deadLetterNotice, NEWS_TYPES, type NewsEvent, noticesOf } from "./notices.ts";
import { isWanted, type Planner } from "./planner.ts";
import type { TaskQueue } from "./task-queue.ts";

export interface ReactionDeps {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly eventStore: EventStore;
  readonly commands: NotificationCommands;
  readonly planner: Planner;
  readonly queue: TaskQueue;
  readonly webhooks: readonly WebhookConfig[];
  readonly nowMs: () => number;
}

const NEWS_DOMAINS = ["employee", "attendance", "leave", "payroll", "workflow", "webhook"] as const;

/** Who is told what of the events of others, and the tasks that come of it. */
export function notificationReactions(deps: ReactionDeps): readonly Reaction[] {
  const news = NEWS_DOMAINS.map((domain) => ({
    domain,
    name: `${domain}-news`,
    types: typesOf(domain, deps.webhooks),
    handle: (stored: StoredEvent) => onNews(deps, stored),
  }));
  return [
    ...news,
    {
      domain: "notification",
      name: "tasks",
      types: [notification.notificationRequested.type, notification.notificationFailed.type],
      handle: (stored) => onMessage(deps, stored),
    },
  ];
}

function typesOf(domain: Domain, webhooks: readonly WebhookConfig[]): string[] {
  return CATALOGUE.filter((definition) => definition.domain === domain)
    .map(({ type }) => type)
    .filter(
      (type) =>
        NEWS_TYPES.some((each) => each === type) || webhooks.some((each) => isWanted(each, type)),
    );
}

async function onNews(deps: ReactionDeps, stored: StoredEvent): Promise<void> {
  const { planner, nowMs } = deps;
  if (!planner.isNews(stored.event)) return;
  const cause = causeOfEvent(SOURCE, nowMs(), stored);
  const event = decidedAs<NewsEvent>(stored);
  const opened = event.type.startsWith("workflow.") ? await openedOf(deps, stored) : undefined;
  const atMs = stored.event.metadata.timestamp;
  for (const notice of noticesOf(event, { atMs, opened })) await planner.notify(notice, cause);
  await planner.deliver(stored, cause);
}

/** The request that an event of WORKFLOW is about: the first event of its aggregate; undefined for delegations. */
async function openedOf({ eventStore }: ReactionDeps, { subject }: StoredEvent) {
  const address = parseEventSubject(subject);
  if (address === undefined) return undefined;
  const { events } = await eventStore.load(address, 0);
  const [first] = events;
  if (first?.event.metadata.eventType !== requestOpened.type) return undefined;
  return requestOpened.data.parse(first.event.data);
}

/** A message that waits becomes a task here and not where it was asked for, so that a crash in between loses nothing. */
async function onMessage(deps: ReactionDeps, stored: StoredEvent): Promise<void> {
  const { queue, commands, planner, nowMs } = deps;
  const { type, data } = decidedAs<MessageEvent>(stored);
  if (type === notification.notificationRequested.type) {
    const { notificationId, channel } = data;
    const { state } = await commands.messages.state(notificationId);
    if (state?.status !== "waiting" || channel === "in-app") return;
    await queue.publish({ channel, notificationId });
    return;
  }
  const isDoubtful = type === notification.notificationFailed.type && data.outcome === "uncertain";
  if (!isDoubtful || isAlarm(data.template) || !planner.isNews(stored.event)) return;
  const { notificationId, template: about, channel: sentBy, reason } = data;
  await planner.notify(
    {
      kind: "delivery-uncertain",
      to: [{ kind: "alarm" }],
      values: { notificationId, about, sentBy: sentBy satisfies Channel, reason },
    },
    causeOfEvent(SOURCE, nowMs(), stored),
  );
}

/** Its durable consumer, and the lease of whoever runs it. */
export const DEAD_LETTERS = "notification-dead-letters";

/** Tells whom alarms are for that a consumer, of whatever context, has put a message aside. */
export function createDeadLetterAlarm(
  deps: ReactionDeps & Pick<ConsumerRunnerOptions, "log" | "mayWork">,
): ConsumerRunner {
  const { nc, log, planner, mayWork } = deps;
  return createConsumerRunner({
    nc,
    log,
    stream: STREAMS.deadLetters,
    durable: DEAD_LETTERS,
    ...(mayWork === undefined ? {} : { mayWork }),
    filterSubjects: [DEAD_LETTER_SUBJECTS],
    async handler({ headers, seq, storedAtMs }) {
      const header = (name: keyof typeof DEAD_LETTER_HEADERS): string =>
        headers?.get(DEAD_LETTER_HEADERS[name]) ?? "";
      const letter = {
        consumer: header("consumer"),
        code: header("code"),
        reason: header("reason"),
      };
      const cause = causeOfTimer(SOURCE, storedAtMs, { name: `DLQ-${seq}`, dueAtMs: storedAtMs });
      if (!isRecent(deps, storedAtMs)) return;
      await planner.notify(deadLetterNotice(letter, storedAtMs), cause);
      log.info({ ...letter, code: letter.code || codeOf(undefined) }, "dead letter reported");
    },
  });
}

const isRecent = ({ nowMs }: ReactionDeps, atMs: number): boolean => nowMs() - atMs < 86_400_000;
