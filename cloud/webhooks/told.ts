import { type ToldAggregate, tellsState } from "../eventing/told-aggregate.ts";
import { webhookDecider } from "./decider.ts";

/** What the audit log tells of WEBHOOK. Secrets lie in a bucket; events and states have their names only. */
export const WEBHOOK_TOLD: readonly ToldAggregate[] = [
  tellsState({
    kind: "webhook",
    decider: webhookDecider,
    types: [
      "webhook.endpoint.created",
      "webhook.endpoint.changed",
      "webhook.secret.rotated",
      "webhook.endpoint.disabled",
      "webhook.endpoint.enabled",
      "webhook.endpoint.replayed",
      "webhook.endpoint.deleted",
    ],
  }),
];
