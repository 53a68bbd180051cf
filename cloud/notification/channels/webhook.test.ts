import { Webhook } from "standardwebhooks";
import { expect, it } from "vitest";
import { type HttpSink, startHttpSink } from "../../../test/support/http-sink.ts";
import { channelContract, outgoing } from "./channel.contract.ts";
import { createWebhookChannel } from "./webhook.ts";

const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const channelTo = (sink: HttpSink) =>
  createWebhookChannel(new Map([["erp", { url: `${sink.url}/hook`, secret }]]), () => Date.now());
const answers = {
  take: { status: 204 },
  "refuse-now": { status: 500 },
  "refuse-for-good": { status: 410 },
  "break-off": "break",
  "say-nothing": "silence",
} as const;

channelContract("webhook", async () => {
  const sink = await startHttpSink();
  let how: keyof typeof answers = "take";
  let taken = 0;
  sink.onRequest(() => {
    if (how === "take") taken += 1;
    return answers[how];
  });
  return {
    channel: channelTo(sink),
    to: "erp",
    taken: () => Array.from({ length: taken }, String),
    behave: (next) => void (how = next),
    vanish: async () => await sink[Symbol.asyncDispose](),
    stop: async () => await sink[Symbol.asyncDispose](),
  };
});

it("a webhook is signed so that the reference library accepts it, and nothing else", async () => {
  await using sink = await startHttpSink();
  const message = outgoing(9, "erp");
  await channelTo(sink).send(message, AbortSignal.timeout(9_000));
  const [request] = sink.requests();
  if (request === undefined) throw new Error("no request");
  const headers = request.headers as Record<string, string>;
  expect(new Webhook(secret).verify(request.body, headers)).toEqual({ text: "Grüße <9>" });
  expect(headers["webhook-id"]).toBe("n-9");
  expect(() => new Webhook(secret).verify(`${request.body} `, headers)).toThrow();
  const other = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
  expect(() => new Webhook(other).verify(request.body, headers)).toThrow();
});

it("a webhook is not carried elsewhere by a redirect", async () => {
  await using sink = await startHttpSink();
  await using elsewhere = await startHttpSink();
  sink.onRequest(() => ({ status: 307, headers: { location: elsewhere.url } }));
  const result = await channelTo(sink).send(outgoing(1, "erp"), AbortSignal.timeout(9_000));
  expect(result).toMatchObject({ kind: "refused", isPermanent: false, reason: "HTTP 307" });
  expect(elsewhere.requests()).toEqual([]);
});
