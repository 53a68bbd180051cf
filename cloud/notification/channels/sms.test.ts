import { expect, it } from "vitest";
import { startHttpSink } from "../../../test/support/http-sink.ts";
import { channelContract, outgoing } from "./channel.contract.ts";
import { createSmsChannel } from "./sms.ts";

const config = (baseUrl: string) => ({
  baseUrl,
  accountSid: "AC123",
  tokenFile: "",
  from: "+4930123",
});
const answers = {
  take: { status: 201, body: '{"sid":"SM1"}' },
  "refuse-now": { status: 429 },
  "refuse-for-good": { status: 400, body: '{"code":21211,"message":"+4917012345 is no number"}' },
  "break-off": "break",
  "say-nothing": "silence",
} as const;

channelContract("SMS", async () => {
  const sink = await startHttpSink();
  let how: keyof typeof answers = "take";
  let taken = 0;
  sink.onRequest(() => {
    if (how === "take") taken += 1;
    return answers[how];
  });
  return {
    channel: createSmsChannel(config(sink.url), "secret"),
    to: "+4917012345",
    taken: () => Array.from({ length: taken }, String),
    behave: (next) => void (how = next),
    vanish: async () => await sink[Symbol.asyncDispose](),
    stop: async () => await sink[Symbol.asyncDispose](),
  };
});

it("an SMS is asked for exactly as the provider documents it", async () => {
  await using sink = await startHttpSink();
  sink.onRequest(() => answers.take);
  const channel = createSmsChannel(config(sink.url), "secret");
  const result = await channel.send(outgoing(7, "+4917012345"), AbortSignal.timeout(9_000));
  expect(result).toEqual({ kind: "taken", providerId: "SM1" });
  expect(sink.requests()).toHaveLength(1);
  const [request] = sink.requests();
  expect(request).toMatchObject({
    method: "POST",
    path: "/2010-04-01/Accounts/AC123/Messages.json",
    headers: {
      authorization: `Basic ${btoa("AC123:secret")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: "To=%2B4917012345&From=%2B4930123&Body=Message+7",
  });
});

it("an SMS that a failing provider may have taken is in doubt", async () => {
  await using sink = await startHttpSink();
  sink.onRequest(() => ({ status: 502 }));
  const channel = createSmsChannel(config(sink.url), "secret");
  const result = await channel.send(outgoing(8, "+4917012345"), AbortSignal.timeout(9_000));
  expect(result).toEqual({ kind: "uncertain", reason: "HTTP 502" });
});
