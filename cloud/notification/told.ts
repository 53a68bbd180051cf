import { type ToldAggregate, tellsState } from "../eventing/told-aggregate.ts";
import { messageDecider } from "./decider.ts";
import { preferencesDecider } from "./preferences-decider.ts";

/** What the audit log tells of NOTIFICATION. */
export const NOTIFICATION_TOLD: readonly ToldAggregate[] = [
  tellsState({
    kind: "message",
    decider: messageDecider,
    types: [
      "notification.message.requested",
      "notification.message.claimed",
      "notification.message.sent",
      "notification.message.failed",
      "notification.message.read",
    ],
  }),
  tellsState({
    kind: "message-preferences",
    decider: preferencesDecider,
    types: ["notification.preferences.set"],
  }),
];
