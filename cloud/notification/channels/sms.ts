import { z } from "zod";
import type { SmsConfig } from "../config.ts";
import type { OutgoingChannel, SendResult } from "./channel.ts";
import { type Answer, httpPost } from "./http-post.ts";

const createdSchema = z.object({ sid: z.string().max(200) });
const MAX_BODY = 480;

/**
 * Text messages through Twilio's Messages API (`POST /2010-04-01/Accounts/{sid}/Messages.json`, form-encoded, basic
 * authentication; 201 with a `sid` = taken), or a service that speaks it. It takes no id of ours, so a repeat would be a second
 * message: whatever is in doubt stays in doubt.
 */
export function createSmsChannel(config: SmsConfig, token: string): OutgoingChannel {
  const { baseUrl, accountSid, from } = config;
  const url = new URL(`/2010-04-01/Accounts/${accountSid}/Messages.json`, baseUrl).href;
  const authorization = `Basic ${Buffer.from(`${accountSid}:${token}`).toString("base64")}`;
  return {
    name: "sms",
    mayRepeat: false,
    async send({ to, subject }, signal) {
      const form = new URLSearchParams({ To: to, From: from, Body: subject.slice(0, MAX_BODY) });
      const headers = {
        authorization,
        accept: "application/json",
        "content-type": "application/x-www-form-urlencoded",
      };
      const answer = await httpPost({ url, headers, body: form.toString() }, signal);
      return "kind" in answer ? answer : resultOf(answer);
    },
    close: () => Promise.resolve(),
  };
}

function resultOf({ status, text }: Answer): SendResult {
  if (status >= 200 && status < 300) return { kind: "taken", providerId: sidIn(text) };
  const reason = `HTTP ${status}`;
  // Too many at once, or our account is at fault: another time it may be taken.
  if (status === 429 || status === 401 || status === 403 || status === 503) {
    return { kind: "refused", isPermanent: false, reason };
  }
  if (status >= 300 && status < 500) return { kind: "refused", isPermanent: true, reason };
  return { kind: "uncertain", reason };
}

function sidIn(text: string): string | null {
  try {
    return createdSchema.safeParse(JSON.parse(text)).data?.sid ?? null;
  } catch {
    return null;
  }
}
