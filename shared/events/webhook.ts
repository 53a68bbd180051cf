import { z } from "zod";
import { tokenSchema } from "../subjects.ts";
import { defineEvent, type EventOf } from "./envelope.ts";

const instant = z.int().min(0).describe("UTC milliseconds");
const webhookId = tokenSchema;
const by = z.string().max(128).nullable().describe("Who asked; null = the platform itself");

/** Where an endpoint begins in a domain's stream. */
export const webhookStartSchema = z.object({
  domain: tokenSchema,
  afterSeq: z.int().min(0).describe("What stands behind this sequence goes out"),
  startId: tokenSchema.describe(
    "Names this beginning: whatever was reached since an older one is void",
  ),
});

const settings = {
  webhookId,
  url: z.string().min(1).max(2048),
  types: z.array(z.string().min(1).max(128)).min(1).max(64).describe("Event types; * = any"),
  sites: z
    .array(tokenSchema)
    .max(64)
    .nullable()
    .describe("Only what names one of these; null = everything"),
  description: z.string().max(300),
};
/** Never the secret: that lies sealed in the bucket `webhooks`, under this name. */
const secretId = tokenSchema.describe("Names a secret; says nothing about it");
const starts = z.array(webhookStartSchema).max(64);

export const webhookCreated = defineEvent({
  type: "webhook.endpoint.created",
  domain: "webhook",
  name: "WebhookCreated",
  version: "1.0",
  data: z.object({ ...settings, secretId, starts, by, at: instant }),
});
export const webhookChanged = defineEvent({
  type: "webhook.endpoint.changed",
  domain: "webhook",
  name: "WebhookChanged",
  version: "1.0",
  data: z.object({
    ...settings,
    starts: starts.describe("Of domains that were not followed before"),
    by,
    at: instant,
  }),
});
export const webhookSecretRotated = defineEvent({
  type: "webhook.secret.rotated",
  domain: "webhook",
  name: "WebhookSecretRotated",
  version: "1.0",
  data: z.object({
    webhookId,
    secretId,
    previousId: secretId,
    previousUntil: instant.describe(
      "Until then what goes out is signed with the one before as well",
    ),
    by,
    at: instant,
  }),
});
export const webhookDisabled = defineEvent({
  type: "webhook.endpoint.disabled",
  domain: "webhook",
  name: "WebhookDisabled",
  version: "1.0",
  data: z.object({
    webhookId,
    url: settings.url,
    description: settings.description,
    because: z.enum(["gone", "failing", "asked"]).describe("gone = it answered 410"),
    failingSince: instant.nullable(),
    by,
    at: instant,
  }),
});
export const webhookEnabled = defineEvent({
  type: "webhook.endpoint.enabled",
  domain: "webhook",
  name: "WebhookEnabled",
  version: "1.0",
  data: z.object({
    webhookId,
    starts: starts.describe("Empty = it goes on where it stopped"),
    by,
    at: instant,
  }),
});
/** What stands behind the new beginnings goes out again. */
export const webhookReplayed = defineEvent({
  type: "webhook.endpoint.replayed",
  domain: "webhook",
  name: "WebhookReplayed",
  version: "1.0",
  data: z.object({ webhookId, starts, by, at: instant }),
});
export const webhookDeleted = defineEvent({
  type: "webhook.endpoint.deleted",
  domain: "webhook",
  name: "WebhookDeleted",
  version: "1.0",
  data: z.object({ webhookId, by, at: instant }),
});

export type WebhookEvent =
  | EventOf<typeof webhookCreated>
  | EventOf<typeof webhookChanged>
  | EventOf<typeof webhookSecretRotated>
  | EventOf<typeof webhookDisabled>
  | EventOf<typeof webhookEnabled>
  | EventOf<typeof webhookReplayed>
  | EventOf<typeof webhookDeleted>;
