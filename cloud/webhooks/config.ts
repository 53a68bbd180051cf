import { z } from "zod";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const webhooksConfigSchema = z.strictObject({
  personal: z
    .enum(["withheld", "clear"])
    .default("withheld")
    .describe(
      "What is personal in events: withheld = as an erasure would leave it; clear = readable there, where no erasure reaches it",
    ),
  allowHttp: z
    .boolean()
    .default(false)
    .describe("Takes http:// as well as https://; for tests and closed networks"),
  allowPrivateAddresses: z
    .boolean()
    .default(false)
    .describe(
      "Sends to loopback, link-local and private addresses too. Whoever may register an endpoint then reaches this network by it",
    ),
  timeoutSeconds: z
    .number()
    .min(0.1)
    .max(60)
    .default(15)
    .describe("How long an endpoint may take to answer"),
  retrySeconds: z
    .array(
      z
        .number()
        .min(0)
        .max(30 * DAY),
    )
    .max(30)
    .default([
      5,
      5 * MINUTE,
      30 * MINUTE,
      2 * HOUR,
      5 * HOUR,
      10 * HOUR,
      14 * HOUR,
      20 * HOUR,
      24 * HOUR,
    ])
    .describe(
      "Waits before each further try, lengthened by up to a tenth by chance; behind the last one a delivery has failed",
    ),
  probeSeconds: z
    .number()
    .min(0.01)
    .max(DAY)
    .default(5 * MINUTE)
    .describe("How often an endpoint that takes nothing is tried with one more event"),
  disableAfterSeconds: z
    .number()
    .min(1)
    .max(30 * DAY)
    .default(5 * DAY)
    .describe("An endpoint that took nothing for so long is switched off"),
  parallel: z
    .int()
    .min(1)
    .max(64)
    .default(8)
    .describe("Requests that may be under way to one endpoint"),
});
export type WebhooksConfig = z.output<typeof webhooksConfigSchema>;

/** Bounds that nobody has asked to set. */
export const LIMITS = {
  endpoints: 50,
  urlLength: 2_048,
  /** Of what is sent. An event that makes more is not sent, and the log says so. */
  bodyBytes: 256 * 1024,
  /** Deliveries of one endpoint that wait for another try; while there are so many it gets nothing new. */
  waiting: 1_000,
  /** Kept in the log for each delivery, the newest. */
  attempts: 32,
  /** The longest wait that a receiver may ask for. */
  retryAfterMs: DAY * 1000,
  /** How long a secret stays valid beside the one that took its place. */
  oldSecretMs: DAY * 1000,
} as const;
