import { createHmac, randomBytes } from "node:crypto";
import { PlatformError } from "./errors.ts";

/** Standard Webhooks 1.0 (standardwebhooks.com, "Symmetric signatures"): `whsec_` and the key in base64. */
const PREFIX = "whsec_";
const KEY_BYTES = { least: 24, most: 64, ours: 32 };

/** A new secret, as the receiver gets it. */
export const newWebhookSecret = (): string =>
  PREFIX + randomBytes(KEY_BYTES.ours).toString("base64");

/** The key in a secret. Throws `config.invalid` for anything that is not one. */
export function webhookKey(secret: string): Buffer {
  const text = secret.trim();
  const key = Buffer.from(text.slice(PREFIX.length), "base64");
  const isWhole =
    key.toString("base64").replace(/=+$/, "") === text.slice(PREFIX.length).replace(/=+$/, "");
  if (
    !text.startsWith(PREFIX) ||
    !isWhole ||
    key.length < KEY_BYTES.least ||
    key.length > KEY_BYTES.most
  ) {
    throw new PlatformError(
      "config.invalid",
      "a webhook secret is whsec_ and 24 to 64 bytes in base64",
    );
  }
  return key;
}

export interface Signing {
  /** The same for every try: receivers drop repeats by it. */
  readonly id: string;
  readonly atMs: number;
  readonly body: string;
}

/**
 * The three headers. With several keys, as while one takes another's place, there is a signature by each, and whoever has
 * either key accepts the message.
 */
export function signatureHeaders(
  keys: readonly Buffer[],
  { id, atMs, body }: Signing,
): Readonly<Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string>> {
  const timestamp = String(Math.floor(atMs / 1000));
  const signed = `${id}.${timestamp}.${body}`;
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": keys
      .map((key) => `v1,${createHmac("sha256", key).update(signed).digest("base64")}`)
      .join(" "),
  };
}
