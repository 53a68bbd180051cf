import { CHANNELS, tokenSchema } from "@clockleaf/shared/subjects.ts";
import { z } from "@hono/zod-openapi";
import type { Notification } from "./decider.ts";
import { KIND, KINDS } from "./kinds.ts";
import type { Preferences } from "./preferences-decider.ts";
import type { Rendered } from "./render.ts";

const instant = z.iso.datetime().describe("ISO 8601, UTC");
export const STATUSES = [
  "waiting",
  "claimed",
  "sent",
  "will-retry",
  "gave-up",
  "uncertain",
  "suppressed",
] as const;

export const messageSchema = z
  .object({
    notificationId: tokenSchema,
    employeeId: tokenSchema.nullable(),
    target: z.string().nullable().describe("Webhook or contact of the configuration"),
    channel: z.enum(CHANNELS),
    template: z.string(),
    locale: z.string(),
    values: z.record(z.string(), z.string()),
    status: z.enum(STATUSES),
    requestedAt: instant,
    resentBy: z.string().nullable(),
    retryAt: instant.nullable(),
    providerId: z.string().nullable().describe("What the receiving side called it"),
    attempts: z.array(
      z.object({ attempt: z.int(), at: instant, outcome: z.string(), reason: z.string() }),
    ),
    version: z.int(),
  })
  .meta({ id: "Notification", description: "One message to one recipient over one channel" });
export type MessageView = z.output<typeof messageSchema>;

export const shownSchema = z
  .object({
    notificationId: tokenSchema,
    template: z.string(),
    subject: z.string(),
    text: z.string(),
    at: instant,
    isRead: z.boolean(),
  })
  .meta({ id: "ShownNotification" });

export const preferencesSchema = z
  .object({
    employeeId: tokenSchema,
    locale: z.string().nullable(),
    channels: z
      .record(z.string(), z.array(z.enum(CHANNELS)))
      .describe("By kind of message; kinds left out go where they usually go"),
    version: z.int(),
  })
  .meta({ id: "NotificationPreferences" });

export const kindSchema = z
  .object({
    kind: z.enum(KINDS),
    channels: z.array(z.enum(CHANNELS)).describe("Where nobody chose otherwise"),
    isMandatory: z.boolean().describe("At least one channel stays"),
    values: z.array(z.string()).describe("What its template may use"),
    locales: z.array(z.string()).describe("Built-in languages"),
  })
  .meta({ id: "NotificationKind" });

const iso = (ms: number): string => new Date(ms).toISOString();

export function messageView(message: Notification, version: number): MessageView {
  const { requested, status, requestedAt, retryAt, providerId, history } = message;
  const { notificationId, employeeId, target, channel, template, locale, values } = requested;
  return {
    notificationId,
    employeeId,
    target,
    channel,
    template,
    locale,
    values,
    status,
    requestedAt: iso(requestedAt),
    resentBy: requested.by,
    retryAt: retryAt === null ? null : iso(retryAt),
    providerId,
    attempts: history.map(({ attempt, at, outcome, reason }) => ({
      attempt,
      at: iso(at),
      outcome,
      reason,
    })),
    version,
  };
}

export function shownView(
  message: Notification,
  { subject, text }: Rendered,
): z.output<typeof shownSchema> {
  const { requested, requestedAt, readAt } = message;
  const { notificationId, template } = requested;
  const at = iso(requestedAt);
  return { notificationId, template, subject, text, at, isRead: readAt !== null };
}

export function preferencesView(
  employeeId: string,
  preferences: Preferences,
  version: number,
): z.output<typeof preferencesSchema> {
  return {
    employeeId,
    locale: preferences?.locale ?? null,
    channels: preferences?.channels ?? {},
    version,
  };
}

export function kindViews(locales: readonly string[]): Array<z.output<typeof kindSchema>> {
  return KINDS.map((kind) => ({
    kind,
    channels: [...KIND[kind].channels],
    isMandatory: KIND[kind].isMandatory,
    values: Object.keys(KIND[kind].sample),
    locales: [...locales],
  }));
}
