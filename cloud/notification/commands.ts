import { type AggregateRunner, createAggregateRunner } from "../eventing/aggregate-runner.ts";
import { deriveEventId } from "../eventing/event-id.ts";
import type { EventStore } from "../eventing/event-store.ts";
import {
  type MessageCommand,
  type MessageEvent,
  messageDecider,
  type Notification,
} from "./decider.ts";
import {
  type Preferences,
  type PreferencesCommand,
  type PreferencesEvent,
  preferencesDecider,
} from "./preferences-decider.ts";

export const SOURCE = "cloud/notification";

export interface NotificationCommands {
  readonly messages: AggregateRunner<Notification | null, MessageCommand, MessageEvent>;
  readonly preferences: AggregateRunner<Preferences, PreferencesCommand, PreferencesEvent>;
}

export function createNotificationCommands(
  store: EventStore,
  tenant: string,
): NotificationCommands {
  const common = { store, domain: "notification", tenant } as const;
  return {
    messages: createAggregateRunner({ ...common, decider: messageDecider }),
    preferences: createAggregateRunner({ ...common, decider: preferencesDecider }),
  };
}

/** The aggregate of one person's preferences. Derived, so that it is never that of a message. */
export const preferencesId = (employeeId: string): string =>
  deriveEventId("preferences", employeeId);

/** The same message for the same cause, recipient and channel, however often it is thought of. */
export const notificationIdOf = (cause: string, recipient: string, channel: string): string =>
  deriveEventId("notification", cause, recipient, channel);
