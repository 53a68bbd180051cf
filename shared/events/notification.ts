import { z } from "zod";
import { CHANNELS, tokenSchema } from "../subjects.ts";
import { defineEvent, type EventOf } from "./envelope.ts";

const instant = z.int().min(0).describe("UTC milliseconds");
const message = {
  notificationId: tokenSchema.describe("Derived from the event, recipient and channel it is for"),
  employeeId: tokenSchema.nullable().describe("Null = no person, such as a webhook"),
  target: z
    .string()
    .max(128)
    .nullable()
    .default(null)
    .describe("Name of the webhook or contact of the configuration; null = a person"),
  channel: z.enum(CHANNELS),
  template: z.string().min(1).max(64),
};

/** A message is to be sent. Never holds an address or a text: those are looked up when it is. */
export const notificationRequested = defineEvent({
  type: "notification.message.requested",
  domain: "notification",
  name: "NotificationRequested",
  version: "1.0",
  data: z.object({
    ...message,
    locale: z.string().max(35),
    /** What the template is filled with; ids, dates and figures, never names or addresses. */
    values: z.record(z.string().max(64), z.string().max(500)),
    by: z
      .string()
      .max(128)
      .nullable()
      .default(null)
      .describe("Who asked for it to be sent again; null = the first time"),
    at: instant,
  }),
});
/** A worker is about to send it. Written before the first byte goes out, so that nobody else sends it as well. */
export const notificationClaimed = defineEvent({
  type: "notification.message.claimed",
  domain: "notification",
  name: "NotificationClaimed",
  version: "1.0",
  data: z.object({ ...message, attempt: z.int().min(1), at: instant }),
});
export const notificationSent = defineEvent({
  type: "notification.message.sent",
  domain: "notification",
  name: "NotificationSent",
  version: "1.0",
  data: z.object({
    ...message,
    providerId: z.string().max(200).nullable().describe("What the receiving side called it"),
    attempt: z.int().min(1),
    at: instant,
  }),
});
export const notificationFailed = defineEvent({
  type: "notification.message.failed",
  domain: "notification",
  name: "NotificationFailed",
  version: "1.0",
  data: z.object({
    ...message,
    attempt: z.int().min(1),
    /** `uncertain`: the connection broke when it may have been taken; never sent again without a person's word. */
    outcome: z.enum(["will-retry", "gave-up", "uncertain", "suppressed"]),
    reason: z.string().max(300),
    retryAt: instant.nullable().default(null).describe("Of `will-retry`: when"),
    at: instant,
  }),
});
/** The person has seen a message shown to them. */
export const notificationRead = defineEvent({
  type: "notification.message.read",
  domain: "notification",
  name: "NotificationRead",
  version: "1.0",
  data: z.object({ notificationId: tokenSchema, employeeId: tokenSchema, at: instant }),
});
export const preferencesSet = defineEvent({
  type: "notification.preferences.set",
  domain: "notification",
  name: "PreferencesSet",
  version: "1.0",
  data: z.object({
    employeeId: tokenSchema,
    locale: z.string().max(35).nullable(),
    channels: z.record(z.string().max(64), z.array(z.enum(CHANNELS)).max(CHANNELS.length)),
    by: z.string().max(128),
  }),
});

export type NotificationEvent =
  | EventOf<typeof notificationRequested>
  | EventOf<typeof notificationClaimed>
  | EventOf<typeof notificationSent>
  | EventOf<typeof notificationFailed>
  | EventOf<typeof notificationRead>
  | EventOf<typeof preferencesSet>;
