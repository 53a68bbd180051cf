import { setTimeout as sleep } from "node:timers/promises";
import { codeOf, isRetriable, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { backoffMs } from "@clockleaf/shared/lib/retry.ts";
import { causeOfEvent } from "../eventing/cause.ts";
import { isRefusal } from "../eventing/decider.ts";
import type { Cause, EventStore } from "../eventing/event-store.ts";
import type { Outgoing, OutgoingChannel, SendResult } from "./channels/channel.ts";
import { type NotificationCommands, SOURCE } from "./commands.ts";
import { isOpen, type Notification, type Report } from "./decider.ts";
import { type OutgoingDeps, type Prepared, prepare } from "./outgoing.ts";

export interface DeliveryDeps extends OutgoingDeps {
  readonly eventStore: EventStore;
  readonly tenant: string;
  readonly commands: NotificationCommands;
  readonly channel: OutgoingChannel;
  readonly nowMs: () => number;
  readonly log: Log;
  readonly staleAfterMs: number;
}

/** What is to become of a message that will never be sent: whoever has its task makes it a dead letter. */
export type Delivered = { readonly undeliverable: string } | undefined;

/**
 * Deals with one task: claims the message, sends it, says what came of it. The claim stands in the stream before the first byte
 * goes out, and of all workers everywhere one gets it; whatever else there is, a dead worker's claim, a second task, a message
 * sent long ago, ends without a byte. Rejects only before anything was sent, or if the process is about to stop.
 */
export async function deliver(
  deps: DeliveryDeps,
  notificationId: string,
  signal: AbortSignal,
): Promise<Delivered> {
  const { state } = await deps.commands.messages.state(notificationId);
  if (state === null) return undefined;
  if (state.status === "gave-up") return { undeliverable: lastReason(state) };
  if (!isOpen(state) && state.status !== "claimed") return undefined;
  const prepared = await prepare(deps, state.requested);
  const task = { state, notificationId, cause: await causeOf(deps, notificationId) };
  if (prepared.kind === "drop") return await drop(deps, task, prepared);
  const attempt = await claim(deps, task, deps.channel.mayRepeat);
  if (attempt === undefined) return undefined;
  return await send(deps, { ...task, attempt, outgoing: prepared.outgoing }, signal);
}

interface Task {
  readonly notificationId: string;
  readonly state: Notification;
  readonly cause: Cause;
}

/** There is no use in a try. Where a dead worker may have made one, it is in doubt instead. */
async function drop(
  deps: DeliveryDeps,
  task: Task,
  { outcome, reason }: Extract<Prepared, { kind: "drop" }>,
): Promise<Delivered> {
  const { commands, nowMs } = deps;
  if (!isOpen(task.state)) {
    await claim(deps, task, false);
    return undefined;
  }
  const command = { type: "drop", outcome, reason, at: nowMs() } as const;
  await commands.messages.handle(task.notificationId, command, task.cause);
  return outcome === "gave-up" ? { undeliverable: reason } : undefined;
}

/** The number of the try that is ours to make; undefined = none is. */
async function claim(
  { commands, channel, nowMs, staleAfterMs, log }: DeliveryDeps,
  { notificationId, cause }: Task,
  mayRepeat: boolean,
): Promise<number | undefined> {
  const command = { type: "claim", at: nowMs(), staleAfterMs, mayRepeat } as const;
  const outcome = await commands.messages.handle(notificationId, command, cause);
  const last = isRefusal(outcome) ? undefined : outcome.events.at(-1);
  if (last?.type === "notification.message.claimed") return last.data.attempt;
  if (last?.type === "notification.message.failed") {
    log.error({ notificationId, channel: channel.name }, "message may or may not have been sent");
  }
  return undefined;
}

async function send(
  deps: DeliveryDeps,
  task: Task & { readonly attempt: number; readonly outgoing: Outgoing },
  signal: AbortSignal,
): Promise<Delivered> {
  const { channel, log, config } = deps;
  const { notificationId, attempt, state } = task;
  // Not the process's own signal: shutting down waits for this, for breaking off would leave it in doubt.
  const timeout = AbortSignal.timeout(config.sendTimeout * 1000);
  const result = await channel.send(task.outgoing, timeout);
  const report = reportOf(deps, state, { result, attempt });
  if (report.outcome !== "sent") {
    log.warn({ notificationId, channel: channel.name, ...report }, "message was not sent");
  }
  await tell(deps, { ...task, report }, signal);
  return report.outcome === "gave-up" ? { undeliverable: report.reason } : undefined;
}

const lastReason = ({ history }: Notification): string => history.at(-1)?.reason ?? "";

/** What comes of a message was caused by who asked for it last. */
async function causeOf(
  { eventStore, tenant, nowMs }: DeliveryDeps,
  notificationId: string,
): Promise<Cause> {
  const address = { domain: "notification", tenant, aggregateId: notificationId } as const;
  const { events } = await eventStore.load(address, 0);
  const asked = events.findLast(
    ({ event }) => event.metadata.eventType === "notification.message.requested",
  );
  if (asked === undefined) throw new Error("a message was asked for");
  return causeOfEvent(SOURCE, nowMs(), asked);
}

function reportOf(
  { config, channel, nowMs }: DeliveryDeps,
  { requestedAt }: Notification,
  { result, attempt }: { readonly result: SendResult; readonly attempt: number },
): Report {
  if (result.kind === "taken") return { outcome: "sent", providerId: result.providerId };
  const { reason } = result;
  if (result.kind === "uncertain" && !channel.mayRepeat) return { outcome: "uncertain", reason };
  const isPermanent = result.kind === "refused" && result.isPermanent;
  const { firstWait, maxWait, giveUpAfter } = config.retry;
  const backoff = { firstMs: firstWait * 1000, maxMs: maxWait * 1000, jitter: 0.3 };
  const retryAt = Math.round(nowMs() + backoffMs(attempt - 1, backoff, Math.random()));
  const isOver = retryAt > requestedAt + giveUpAfter * 1000;
  if (isPermanent || isOver) return { outcome: "gave-up", reason };
  return { outcome: "will-retry", reason, retryAt };
}

const TELL_BACKOFF = { firstMs: 100, maxMs: 5_000, jitter: 0.3 };

/** What came of a try must get into the stream, however long the hub is away: otherwise it is in doubt for ever. */
async function tell(
  { commands, nowMs, log }: DeliveryDeps,
  what: {
    readonly notificationId: string;
    readonly attempt: number;
    readonly report: Report;
    readonly cause: Cause;
  },
  signal: AbortSignal,
): Promise<void> {
  const { notificationId, attempt, report, cause } = what;
  for (let tries = 0; ; tries += 1) {
    try {
      const command = { type: "report", attempt, report, at: nowMs() } as const;
      await commands.messages.handle(notificationId, command, cause);
      return;
    } catch (error) {
      if (!isRetriable(error) || signal.aborted) throw error;
      log.warn({ err: error, code: codeOf(error), notificationId }, "outcome not stored yet");
      await sleep(backoffMs(tries, TELL_BACKOFF, Math.random()));
    }
  }
}

export function undeliverable(reason: string): PlatformError {
  return new PlatformError("notification.undeliverable", reason);
}
