import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { z } from "@hono/zod-openapi";
import { LIMITS } from "./config.ts";
import type { Endpoint } from "./decider.ts";
import { ATTEMPT_ERRORS, DELIVERY_STATUSES, type Delivery } from "./delivery.ts";
import type { Health } from "./entries.ts";
import { knownPatterns } from "./event-types.ts";

const instant = z.iso.datetime().describe("ISO 8601, UTC");
const timeOf = (atMs: number): string => new Date(atMs).toISOString();
const timeOrNull = (atMs: number | null): string | null => (atMs === null ? null : timeOf(atMs));

/** Those that name nothing have a refusal of their own, which is shorter than the list. */
const patternSchema = z
  .string()
  .regex(
    /^(\*|[a-z]+(\.[a-z-]+){0,2}\.\*|[a-z]+\.[a-z-]+\.[a-z-]+)$/,
    "domain.entity.action, domain.*, or *",
  )
  .max(128)
  .meta({ id: "WebhookEventPattern", enum: knownPatterns() });

export const settingsSchema = z.strictObject({
  url: z
    .url()
    .max(LIMITS.urlLength)
    .describe("https://…; no user or password in it")
    .meta({ pattern: "^https?://[^/?#@]+(?:[/?#].*)?$" }),
  types: z
    .array(patternSchema)
    .min(1)
    .max(64)
    .describe("Event types, or groups of them such as `attendance.*`; `*` = all")
    .meta({ examples: [["attendance.*", "leave.leave.approved"]] }),
  sites: z
    .array(tokenSchema)
    .min(1)
    .max(64)
    .nullable()
    .default(null)
    .describe("Only events that happened at one of these, or are about somebody at home there"),
  description: z.string().max(300).default(""),
});

export const patchSchema = z.strictObject({
  url: settingsSchema.shape.url.optional(),
  types: settingsSchema.shape.types.optional(),
  sites: settingsSchema.shape.sites.unwrap().optional(),
  description: z.string().max(300).optional(),
});

export const webhookSchema = z
  .object({
    webhookId: tokenSchema,
    url: z.string(),
    types: z.array(z.string()),
    sites: z.array(z.string()).nullable(),
    description: z.string(),
    status: z.enum(["enabled", "disabled"]),
    disabledBecause: z
      .enum(["gone", "failing", "asked"])
      .nullable()
      .describe("gone = it answered 410; failing = it took nothing for days; asked = somebody did"),
    disabledAt: instant.nullable(),
    failingSince: instant.nullable().describe("Since when it has taken nothing; null = it does"),
    previousSecretUntil: instant
      .nullable()
      .describe("Until then what goes out is signed with the former secret, too"),
    createdAt: instant,
    createdBy: z.string().nullable(),
    version: z.int().describe("The ETag, too"),
  })
  .meta({ id: "Webhook" });

export const secretSchema = webhookSchema
  .extend({
    secret: z.string().describe("`whsec_…`: shown this once, keep it"),
  })
  .meta({ id: "WebhookWithSecret" });

export const deliverySchemaView = z
  .object({
    deliveryId: tokenSchema.describe("The `webhook-id` that the endpoint sees"),
    webhookId: tokenSchema,
    type: z.string(),
    eventId: z.string().nullable().describe("Null = a test"),
    status: z.enum(DELIVERY_STATUSES),
    createdAt: instant,
    nextAttemptAt: instant.nullable(),
    attempts: z.array(
      z.object({
        at: instant,
        durationMs: z.int(),
        status: z.int().nullable().describe("Of HTTP; null = there was no answer"),
        error: z.enum(ATTEMPT_ERRORS).nullable(),
      }),
    ),
  })
  .meta({ id: "WebhookDelivery" });

export function webhookView(
  endpoint: Endpoint,
  {
    version,
    health,
    nowMs,
  }: { readonly version: number; readonly health: Health; readonly nowMs: number },
): z.output<typeof webhookSchema> {
  const { webhookId, settings, secret, disabled, createdAtMs, createdBy } = endpoint;
  const { previous } = secret;
  return {
    webhookId,
    url: settings.url,
    types: [...settings.types],
    sites: settings.sites === null ? null : [...settings.sites],
    description: settings.description,
    status: disabled === null ? "enabled" : "disabled",
    disabledBecause: disabled?.because ?? null,
    disabledAt: timeOrNull(disabled?.atMs ?? null),
    failingSince: timeOrNull(health.failingSince),
    previousSecretUntil:
      previous !== null && previous.untilMs > nowMs ? timeOf(previous.untilMs) : null,
    createdAt: timeOf(createdAtMs),
    createdBy,
    version,
  };
}

export function deliveryView(delivery: Delivery): z.output<typeof deliverySchemaView> {
  const { deliveryId, webhookId, type, event, status, createdAt, nextAttemptAt } = delivery;
  return {
    deliveryId,
    webhookId,
    type,
    eventId: event?.eventId ?? null,
    status,
    createdAt: timeOf(createdAt),
    nextAttemptAt: timeOrNull(nextAttemptAt),
    attempts: delivery.attempts.map(({ at, ...rest }) => ({ at: timeOf(at), ...rest })),
  };
}
