import type { Decided, EventOf } from "@clockleaf/shared/events/envelope.ts";
import type {
  notificationClaimed,
  notificationFailed,
  notificationRead,
  notificationRequested,
  notificationSent,
} from "@clockleaf/shared/events/notification.ts";
import { type Decider, type Refusal, refuse } from "../eventing/decider.ts";

export type MessageEvent =
  | EventOf<typeof notificationRequested>
  | EventOf<typeof notificationClaimed>
  | EventOf<typeof notificationSent>
  | EventOf<typeof notificationFailed>
  | EventOf<typeof notificationRead>;

export type Requested = EventOf<typeof notificationRequested>["data"];
export type FailedOutcome = EventOf<typeof notificationFailed>["data"]["outcome"];

export interface Attempt {
  readonly attempt: number;
  readonly at: number;
  readonly outcome: "claimed" | "sent" | FailedOutcome;
  readonly reason: string;
}

/** One message to one recipient over one channel. */
export interface Notification {
  readonly requested: Requested;
  /** `waiting` and `will-retry`: a worker may take it. */
  readonly status: "waiting" | "claimed" | "sent" | FailedOutcome;
  /** Number of the last claim; 0 = none. */
  readonly attempt: number;
  /** When the current claim was made. */
  readonly claimedAt: number | null;
  /** When it is tried again. */
  readonly retryAt: number | null;
  /** When it was asked for, the last time a person or event did. */
  readonly requestedAt: number;
  readonly readAt: number | null;
  readonly providerId: string | null;
  readonly history: readonly Attempt[];
}

/** What came of a try. */
export type Report =
  | { readonly outcome: "sent"; readonly providerId: string | null }
  | { readonly outcome: "gave-up" | "uncertain"; readonly reason: string }
  | { readonly outcome: "will-retry"; readonly reason: string; readonly retryAt: number };

export type MessageCommand =
  | {
      readonly type: "request";
      readonly data: Requested;
      /** `task`: for a worker. `shown`: delivered by being written. Otherwise why it is not sent at all. */
      readonly way: "task" | "shown" | { readonly suppressed: string };
    }
  | {
      readonly type: "claim";
      readonly at: number;
      /** No try takes longer: an older claim's worker has died. */
      readonly staleAfterMs: number;
      /** The receiving side knows a repeat for what it is. */
      readonly mayRepeat: boolean;
    }
  | {
      readonly type: "report";
      readonly attempt: number;
      readonly report: Report;
      readonly at: number;
    }
  /** It is known before a try that there is no use in one. */
  | {
      readonly type: "drop";
      readonly outcome: "suppressed" | "gave-up";
      readonly reason: string;
      readonly at: number;
    }
  | { readonly type: "resend"; readonly by: string; readonly at: number }
  | { readonly type: "read"; readonly employeeId: string; readonly at: number };

/**
 * Never twice: a claim is written, guarded, before the first byte goes out, and of two workers one gets it. A claim without an
 * outcome may have been sent and may not; only a channel whose receivers know a repeat tries again, elsewhere it is
 * `uncertain` until a person says so.
 */
export const messageDecider: Decider<Notification | null, MessageCommand, MessageEvent> = {
  initial: null,
  decide(message, command) {
    if (command.type === "request") return message === null ? request(command) : [];
    if (message === null) return refuse("notification.not-found", "there is no such message");
    switch (command.type) {
      case "claim":
        return claim(message, command);
      case "report":
        return report(message, command);
      case "drop":
        return isOpen(message) ? [failure(message, { ...command, attempt: message.attempt })] : [];
      case "resend":
        return resend(message, command);
      case "read":
        return read(message, command);
    }
  },
  evolve(message, event) {
    if (event.type === "notification.message.requested") return afterRequest(message, event.data);
    if (message === null) return null;
    switch (event.type) {
      case "notification.message.claimed": {
        const { attempt, at } = event.data;
        const entry = { attempt, at, outcome: "claimed", reason: "" } as const;
        return {
          ...message,
          status: "claimed",
          attempt,
          claimedAt: at,
          retryAt: null,
          history: [...message.history, entry],
        };
      }
      case "notification.message.sent": {
        const { attempt, at, providerId } = event.data;
        return { ...after(message, { attempt, at, outcome: "sent", reason: "" }), providerId };
      }
      case "notification.message.failed": {
        const { attempt, at, outcome, reason, retryAt } = event.data;
        return { ...after(message, { attempt, at, outcome, reason }), retryAt };
      }
      case "notification.message.read":
        return { ...message, readAt: event.data.at };
    }
  },
};

/** Whether a worker may take it. */
export const isOpen = ({ status }: Notification): boolean =>
  status === "waiting" || status === "will-retry";

type Events = ReadonlyArray<Decided<MessageEvent>>;

function request({ data, way }: Extract<MessageCommand, { type: "request" }>): Events {
  const requested = { type: "notification.message.requested", data } as const;
  if (way === "task") return [requested];
  if (way === "shown") {
    const sent = { ...addressed(data), providerId: null, attempt: 1, at: data.at };
    return [requested, { type: "notification.message.sent", data: sent }];
  }
  const outcome = {
    outcome: "suppressed",
    reason: way.suppressed,
    attempt: 1,
    at: data.at,
  } as const;
  return [requested, failure({ requested: data }, outcome)];
}

const addressed = ({ notificationId, employeeId, target, channel, template }: Requested) => ({
  notificationId,
  employeeId,
  target,
  channel,
  template,
});

const MAX_REASON = 300;

function failure(
  { requested }: Pick<Notification, "requested">,
  of: {
    readonly outcome: FailedOutcome;
    readonly reason: string;
    readonly attempt: number;
    readonly at: number;
    readonly retryAt?: number;
  },
): Decided<MessageEvent> {
  const { outcome, at, retryAt = null } = of;
  const reason = of.reason.slice(0, MAX_REASON);
  const attempt = Math.max(1, of.attempt);
  const data = { ...addressed(requested), attempt, outcome, reason, retryAt, at };
  return { type: "notification.message.failed", data };
}

function claim(
  message: Notification,
  { at, staleAfterMs, mayRepeat }: Extract<MessageCommand, { type: "claim" }>,
): Events | Refusal {
  const attempt = message.attempt + 1;
  const claimed = {
    type: "notification.message.claimed",
    data: { ...addressed(message.requested), attempt, at },
  } as const;
  if (isOpen(message)) return [claimed];
  if (message.status !== "claimed" || message.claimedAt === null) return [];
  if (at < message.claimedAt + staleAfterMs) {
    return refuse("notification.being-sent", "a worker is sending it at this moment");
  }
  const died = { attempt: message.attempt, at, reason: "the worker died while sending" };
  return mayRepeat
    ? [failure(message, { ...died, outcome: "will-retry", retryAt: at }), claimed]
    : [failure(message, { ...died, outcome: "uncertain" })];
}

/** What a worker learnt late is still better than not to know. */
function report(
  message: Notification,
  { attempt, report: told, at }: Extract<MessageCommand, { type: "report" }>,
): Events {
  const isAwaited = message.status === "claimed" || message.status === "uncertain";
  if (!isAwaited || attempt !== message.attempt) return [];
  if (told.outcome === "sent") {
    const { providerId } = told;
    const data = { ...addressed(message.requested), providerId, attempt, at };
    return [{ type: "notification.message.sent", data }];
  }
  if (message.status === told.outcome) return [];
  return [failure(message, { ...told, attempt, at })];
}

function resend(
  { requested, status }: Notification,
  { by, at }: Extract<MessageCommand, { type: "resend" }>,
): Events | Refusal {
  switch (status) {
    case "waiting":
    case "will-retry":
      return [];
    case "claimed":
      return refuse("notification.being-sent", "a worker is sending it at this moment");
    case "sent":
      return refuse("notification.sent", "it was sent");
    case "uncertain":
    case "gave-up":
    case "suppressed":
      return [{ type: "notification.message.requested", data: { ...requested, by, at } }];
  }
}

function read(
  message: Notification,
  { employeeId, at }: Extract<MessageCommand, { type: "read" }>,
): Events | Refusal {
  const { requested, status, readAt } = message;
  if (requested.employeeId !== employeeId || requested.channel !== "in-app" || status !== "sent") {
    return refuse("notification.not-found", "there is no such message for this person");
  }
  if (readAt !== null) return [];
  const { notificationId } = requested;
  return [{ type: "notification.message.read", data: { notificationId, employeeId, at } }];
}

function afterRequest(message: Notification | null, data: Requested): Notification {
  const open = {
    requested: data,
    status: "waiting",
    claimedAt: null,
    retryAt: null,
    requestedAt: data.at,
  } as const;
  return message === null
    ? { ...open, attempt: 0, readAt: null, providerId: null, history: [] }
    : { ...message, ...open };
}

/** The entry of a try is replaced by what came of it. */
function after(
  message: Notification,
  entry: Attempt & { outcome: Notification["status"] },
): Notification {
  const earlier = message.history.filter(
    (each) => each.attempt !== entry.attempt || each.outcome !== "claimed",
  );
  const { outcome: status, attempt } = entry;
  const idle = { claimedAt: null, retryAt: null };
  return { ...message, ...idle, status, attempt, history: [...earlier, entry] };
}
