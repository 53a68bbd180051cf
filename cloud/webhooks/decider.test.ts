import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import type { WebhookEvent } from "@clockleaf/shared/events/webhook.ts";
import { describe, expect, it } from "vitest";
import { given, refused } from "../eventing/decider-spec.ts";
import { type Start, webhookDecider } from "./decider.ts";

const settings = {
  url: "https://erp.example.org/",
  types: ["leave.*"],
  sites: null,
  description: "",
};
const startOf = (domain: string, startId = "s1"): Start => ({ domain, afterSeq: 7, startId });
const asked = { by: "ada", at: 100 };
const created: Decided<WebhookEvent> = {
  type: "webhook.endpoint.created",
  data: { webhookId: "w1", ...settings, secretId: "k1", starts: [startOf("leave")], ...asked },
};
const off: Decided<WebhookEvent> = {
  type: "webhook.endpoint.disabled",
  data: {
    webhookId: "w1",
    url: settings.url,
    description: "",
    because: "failing",
    failingSince: 1,
    by: null,
    at: 200,
  },
};
const on: Decided<WebhookEvent> = {
  type: "webhook.endpoint.enabled",
  data: { webhookId: "w1", starts: [], by: "ada", at: 300 },
};
const disable = {
  type: "disable",
  because: "failing",
  failingSince: 1,
  by: null,
  at: 200,
} as const;
const stateAfter = (...events: Array<Decided<WebhookEvent>>) =>
  events.reduce((state, event) => webhookDecider.evolve(state, event), webhookDecider.initial);
const endpointAfter = (...events: Array<Decided<WebhookEvent>>) => {
  const state = stateAfter(...events);
  if (state.status !== "there") throw new Error("it is there");
  return state.endpoint;
};

describe("a webhook", () => {
  it("begins in a domain that was not wanted before, and goes on in one that was", () => {
    const change = {
      type: "change",
      changes: { types: ["leave.leave.approved", "payroll.*"] as string[] },
      starts: [startOf("leave", "s2"), startOf("payroll", "s2")],
      ...asked,
    } as const;
    const [event] = given(webhookDecider, [created]).when(change) as Array<Decided<WebhookEvent>>;
    expect(event).toMatchObject({
      data: { url: settings.url, starts: [startOf("payroll", "s2")] },
    });
    expect(endpointAfter(created, event!).starts).toEqual([
      startOf("leave"),
      startOf("payroll", "s2"),
    ]);
  });

  it("begins anew in a domain that it had given up", () => {
    const without: Decided<WebhookEvent> = {
      type: "webhook.endpoint.changed",
      data: { webhookId: "w1", ...settings, types: ["payroll.*"], starts: [], ...asked },
    };
    const change = {
      type: "change",
      changes: { types: ["leave.*"] as string[] },
      starts: [startOf("leave", "s3")],
      ...asked,
    } as const;
    const outcome = given(webhookDecider, [created, without]).when(change);
    expect(outcome).toMatchObject([{ data: { starts: [startOf("leave", "s3")] } }]);
  });

  it("is not changed by what changes nothing, and keeps what is not named", () => {
    const change = {
      type: "change",
      changes: { url: settings.url },
      starts: [],
      ...asked,
    } as const;
    expect(given(webhookDecider, [created]).when(change)).toEqual([]);
    const sites = { ...change, changes: { sites: ["hq"] } };
    expect(given(webhookDecider, [created]).when(sites)).toMatchObject([
      { data: { sites: ["hq"], types: settings.types } },
    ]);
  });

  it("knows the secret before the last one for as long as the rotation says", () => {
    const rotate = { type: "rotate-secret", secretId: "k2", previousUntil: 900, ...asked } as const;
    const [event] = given(webhookDecider, [created]).when(rotate) as Array<Decided<WebhookEvent>>;
    expect(endpointAfter(created, event!).secret).toEqual({
      currentId: "k2",
      previous: { id: "k1", untilMs: 900 },
    });
    expect(given(webhookDecider, [created, event!]).when(rotate)).toEqual([]);
  });

  it("is switched off once, and not by what was found before it was switched on again", () => {
    const found = { ...disable, ofEnabledAtMs: 100 };
    expect(given(webhookDecider, [created]).when(found)).toEqual([off]);
    expect(given(webhookDecider, [created, off]).when(found)).toEqual([]);
    expect(given(webhookDecider, [created, off, on]).when(found)).toEqual([]);
    const later = { ...disable, ofEnabledAtMs: 300 };
    expect(given(webhookDecider, [created, off, on]).when(later)).toEqual([off]);
  });

  it("goes on where it stopped, or where it is told", () => {
    expect(endpointAfter(created, off, on).starts).toEqual([startOf("leave")]);
    const skip = { type: "enable", starts: [startOf("leave", "s9")], ...asked } as const;
    const [event] = given(webhookDecider, [created, off]).when(skip) as Array<
      Decided<WebhookEvent>
    >;
    expect(endpointAfter(created, off, event!).starts).toEqual([startOf("leave", "s9")]);
    expect(given(webhookDecider, [created]).when(skip)).toEqual([]);
  });

  it("is gone for good once it is deleted", () => {
    const remove = { type: "delete", ...asked } as const;
    const [event] = given(webhookDecider, [created]).when(remove) as Array<Decided<WebhookEvent>>;
    const known = given(webhookDecider, [created, event!]);
    expect(known.when(remove)).toMatchObject(refused("webhook.not-found"));
    const again = {
      type: "create",
      webhookId: "w1",
      ...settings,
      secretId: "k2",
      starts: [],
      ...asked,
    } as const;
    expect(known.when(again)).toMatchObject(refused("webhook.exists"));
  });
});
