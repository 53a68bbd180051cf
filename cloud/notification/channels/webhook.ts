import { signatureHeaders, webhookKey } from "@clockleaf/shared/lib/webhook-signature.ts";
import type { OutgoingChannel, SendResult } from "./channel.ts";
import { httpPost } from "./http-post.ts";

export interface Endpoint {
  readonly url: string;
  /** Of the Standard Webhooks specification: `whsec_` and the key in base64. */
  readonly secret: string;
}

/**
 * Webhooks as standardwebhooks.com has them: `webhook-id`, `webhook-timestamp` and an HMAC-SHA256 over both and the body.
 * The id is the same for every try, so receivers drop repeats, and doubt is a reason to send again. Anything but 2xx is tried
 * again, but 410: that endpoint is gone. Redirects are not followed.
 */
export function createWebhookChannel(
  endpoints: ReadonlyMap<string, Endpoint>,
  nowMs: () => number,
): OutgoingChannel {
  const keys = new Map([...endpoints].map(([name, { secret }]) => [name, webhookKey(secret)]));
  return {
    name: "webhook",
    mayRepeat: true,
    async send({ notificationId, to, text }, signal) {
      const endpoint = endpoints.get(to);
      const key = keys.get(to);
      if (endpoint === undefined || key === undefined) {
        return { kind: "refused", isPermanent: true, reason: "no such endpoint any more" };
      }
      const headers = {
        "content-type": "application/json",
        "user-agent": "clockleaf-webhook/1",
        ...signatureHeaders([key], { id: notificationId, atMs: nowMs(), body: text }),
      };
      const answer = await httpPost({ url: endpoint.url, headers, body: text }, signal);
      return "kind" in answer ? answer : resultOf(answer.status);
    },
    close: () => Promise.resolve(),
  };
}

function resultOf(status: number): SendResult {
  if (status >= 200 && status < 300) return { kind: "taken", providerId: null };
  return { kind: "refused", isPermanent: status === 410, reason: `HTTP ${status}` };
}
