import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { newWebhookSecret, signatureHeaders, webhookKey } from "./webhook-signature.ts";

const body = JSON.stringify({ type: "a.b.c", data: { name: "Grüße" } });
const signed = (secrets: readonly string[]) =>
  signatureHeaders(secrets.map(webhookKey), { id: "msg-1", atMs: Date.now(), body });

test("what is signed is accepted by the reference library, and nothing else is", () => {
  const secret = newWebhookSecret();
  expect(new Webhook(secret).verify(body, signed([secret]))).toEqual(JSON.parse(body));
  expect(() => new Webhook(secret).verify(`${body} `, signed([secret]))).toThrow();
  const moved = { ...signed([secret]), "webhook-id": "msg-2" };
  expect(() => new Webhook(secret).verify(body, moved)).toThrow();
  expect(() => new Webhook(newWebhookSecret()).verify(body, signed([secret]))).toThrow();
});

test("signed by two keys, whoever has either accepts it", () => {
  const [old, fresh] = [newWebhookSecret(), newWebhookSecret()];
  const headers = signed([fresh, old]);
  for (const secret of [old, fresh])
    expect(() => new Webhook(secret).verify(body, headers)).not.toThrow();
  expect(() => new Webhook(newWebhookSecret()).verify(body, headers)).toThrow();
});

test("the example of the specification has the signature it names", () => {
  // Standard Webhooks 1.0, the vectors that its libraries are tested with.
  const key = webhookKey("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  const headers = signatureHeaders([key], {
    id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
    atMs: 1_614_265_330_000,
    body: '{"test": 2432232314}',
  });
  expect(headers["webhook-signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});

test("a secret that is not one is refused", () => {
  const none = Buffer.alloc(32).toString("base64");
  for (const bad of ["", "whsec_", "whsec_!!!", "whsec_c2hvcnQ=", none]) {
    expect(() => webhookKey(bad)).toThrow("whsec_");
  }
});
