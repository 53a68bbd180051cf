import { CHANNELS, tokenSchema } from "@clockleaf/shared/subjects.ts";
import { durationSchema } from "@clockleaf/shared/worktime/rule-parts.ts";
import { z } from "zod";
import { JOB_QUEUES } from "../rabbitmq/config.ts";
import { KINDS } from "./kinds.ts";

const file = (what: string) => z.string().min(1).describe(`${what}; relative to this file`);
const localeSchema = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/);
const httpUrl = z.url({ protocol: /^https?$/ });

const smtpSchema = z.strictObject({
  host: z.string().min(1).describe("Name or address of the mail server"),
  port: z.int().min(1).max(65_535).default(587),
  secure: z.boolean().default(false).describe("TLS from the first byte, as on port 465"),
  requireTls: z
    .boolean()
    .default(true)
    .describe("Refuse to go on in the clear where the server offers no STARTTLS"),
  user: z.string().min(1).optional().describe("Left out: no authentication"),
  passwordFile: file("File with the password").optional(),
  from: z.string().min(3).max(254).describe("Sender, such as Clockleaf <clockleaf@example.org>"),
});
export type SmtpConfig = z.output<typeof smtpSchema>;

const smsSchema = z.strictObject({
  baseUrl: httpUrl
    .default("https://api.twilio.com")
    .describe("Of Twilio's Messages API, or of a service that speaks it"),
  accountSid: tokenSchema.describe("Account at the provider"),
  tokenFile: file("File with the auth token"),
  from: z.string().min(3).max(20).describe("Sending number, E.164, or sender id"),
});
export type SmsConfig = z.output<typeof smsSchema>;

const webhookSchema = z.strictObject({
  name: tokenSchema.describe("What the delivery log calls it"),
  url: httpUrl,
  secretFile: file("File with the secret, whsec_ and 24 to 64 bytes in base64"),
  types: z
    .array(z.string().regex(/^[a-z-]+(\.[a-z-]+){0,2}(\.\*)?$|^\*$/, "use a.b.c, a.b.*, a.* or *"))
    .min(1)
    .max(64)
    .describe("Event types it gets, such as leave.leave.approved or leave.*"),
  isEnabled: z.boolean().default(true),
});
export type WebhookConfig = z.output<typeof webhookSchema>;

const contactSchema = z.strictObject({
  name: tokenSchema.describe("What the delivery log calls it"),
  email: z.email().max(254),
  locale: localeSchema.optional().describe("Default: the default locale"),
  getsAlarms: z
    .boolean()
    .default(false)
    .describe("Gateway alarms, dead letters, doubtful sendings"),
  roles: z
    .array(tokenSchema)
    .max(16)
    .default([])
    .describe("Hears of approvals that wait for one of these roles"),
});
export type Contact = z.output<typeof contactSchema>;

/** All optional: without SMTP and the rest nothing goes out, and the delivery log says so. */
export const notificationConfigSchema = z.strictObject({
  defaultLocale: localeSchema.default("en").describe("Of who has no language of their own"),
  publicUrl: httpUrl.optional().describe("Where people find Clockleaf; stands in messages"),
  templateDir: file("Folder of templates of your own: NAME.LOCALE.yaml").optional(),
  smtp: smtpSchema.optional().describe("Left out: no e-mail"),
  sms: smsSchema.optional().describe("Left out: no text messages"),
  webhooks: z.array(webhookSchema).max(64).default([]),
  contacts: z.array(contactSchema).max(64).default([]).describe("Who else is told, by mail"),
  channels: z
    .partialRecord(z.enum(KINDS), z.array(z.enum(CHANNELS).exclude(["webhook"])).max(3))
    .default({})
    .describe("Channels of a kind of message, where people have not chosen their own"),
  ignoreOlderThan: durationSchema
    .prefault("72h")
    .describe("Nobody is told of events older than this: a first start, or a stream read again"),
  queue: z
    .enum(JOB_QUEUES)
    .default("nats")
    .describe("Where e-mails and text messages wait for a worker; rabbitmq needs bridges.rabbitmq"),
  workers: z
    .int()
    .min(1)
    .max(64)
    .default(8)
    .describe(
      "Messages sent at once, a channel: over all processes on NATS, by each process at RabbitMQ",
    ),
  sendTimeout: durationSchema.prefault("60s").describe("Longest time for one message to be sent"),
  retry: z
    .strictObject({
      firstWait: durationSchema.prefault("10s"),
      maxWait: durationSchema.prefault("30min"),
      giveUpAfter: durationSchema.prefault("48h").describe("Counted from the first request"),
    })
    .prefault({})
    .describe("When the other side cannot take a message now: doubling waits"),
});
export type NotificationConfig = z.output<typeof notificationConfigSchema>;

/** The same with absolute paths. */
export function withAbsolutePaths(
  config: NotificationConfig,
  absolute: (path: string) => string,
): NotificationConfig {
  const { smtp, sms, templateDir, webhooks } = config;
  const inSmtp = smtp?.passwordFile;
  return {
    ...config,
    ...(templateDir === undefined ? {} : { templateDir: absolute(templateDir) }),
    ...(smtp === undefined || inSmtp === undefined
      ? {}
      : { smtp: { ...smtp, passwordFile: absolute(inSmtp) } }),
    ...(sms === undefined ? {} : { sms: { ...sms, tokenFile: absolute(sms.tokenFile) } }),
    webhooks: webhooks.map((each) =>
      Object.assign({}, each, { secretFile: absolute(each.secretFile) }),
    ),
  };
}
