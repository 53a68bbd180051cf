import { describe, expect, it, test } from "vitest";
import { webhooksConfigSchema } from "./config.ts";
import {
  type AttemptError,
  afterAttempt,
  askedAgain,
  type Delivery,
  retryAfterOf,
} from "./delivery.ts";

const { retrySeconds } = webhooksConfigSchema.parse({});
const fresh: Delivery = {
  deliveryId: "d1",
  webhookId: "w1",
  type: "a.b.c",
  event: { domain: "leave", seq: 1, eventId: "e1" },
  createdAt: 0,
  status: "pending",
  attempts: [],
  round: 0,
  nextAttemptAt: null,
};
const tried = (at: number, error: AttemptError | null, status: number | null = null) => ({
  attempt: { at, durationMs: 0, status, error },
});
const rules = { retrySeconds, random: 0, failingSince: null };
/** Tries at each due time until there is none. */
const exhausted = (delivery: Delivery, failingSince: number | null = null): Delivery[] => {
  const history: Delivery[] = [];
  let next = delivery;
  for (let at: number | null = 0; at !== null && history.length < 50; at = next.nextAttemptAt) {
    next = afterAttempt(next, tried(at, "timeout"), { ...rules, failingSince });
    history.push(next);
  }
  return history;
};

describe("a delivery", () => {
  it("is done at the first 2xx", () => {
    const after = afterAttempt(fresh, tried(5, null, 204), rules);
    expect(after).toMatchObject({ status: "delivered", nextAttemptAt: null });
  });

  it("is tried ten times over about three days, and has failed then", () => {
    const history = exhausted(fresh);
    expect(history.map(({ nextAttemptAt }) => nextAttemptAt)).toEqual([
      5_000,
      305_000,
      2_105_000,
      9_305_000,
      27_305_000,
      63_305_000,
      113_705_000,
      185_705_000,
      272_105_000,
      null,
    ]);
    expect(history.at(-1)).toMatchObject({ status: "failed" });
    expect(history.at(-1)?.attempts).toHaveLength(10);
  });

  it("never fails at an endpoint that has taken nothing since, and goes on by the last wait", () => {
    const history = exhausted(fresh, -1);
    expect(history).toHaveLength(50);
    expect(history.every(({ status }) => status === "pending")).toBe(true);
    const [a, b] = history.slice(-2).map(({ nextAttemptAt }) => nextAttemptAt ?? 0);
    expect(b! - a!).toBe(86_400_000);
    expect(history.at(-1)?.attempts).toHaveLength(32);
  });

  it("waits longer by chance, and as long as the receiver asks, within a day", () => {
    const late = afterAttempt(fresh, tried(0, "http-status", 503), { ...rules, random: 0.999 });
    expect(late.nextAttemptAt).toBeGreaterThan(5_400);
    expect(late.nextAttemptAt).toBeLessThan(5_501);
    const ask = (retryAfterMs: number) =>
      afterAttempt(fresh, { ...tried(0, "http-status", 503), retryAfterMs }, rules).nextAttemptAt;
    expect(ask(60_000)).toBe(60_000);
    expect(ask(1_000)).toBe(5_000);
    expect(ask(10 * 86_400_000)).toBe(86_400_000);
  });

  it("is not tried again where that is of no use", () => {
    for (const error of ["event-gone", "body-too-large"] as const) {
      expect(afterAttempt(fresh, tried(0, error), rules).status).toBe("failed");
    }
  });

  it("has all its tries before it when somebody asks for it again", () => {
    const failed = exhausted(fresh).at(-1)!;
    const again = askedAgain(failed, 1_000);
    expect(again).toMatchObject({ status: "pending", round: 0, nextAttemptAt: 1_000 });
    expect(afterAttempt(again, tried(1_000, "timeout"), rules).nextAttemptAt).toBe(6_000);
  });
});

test("Retry-After is seconds or a date", () => {
  const now = Date.parse("2026-11-30T12:00:00Z");
  expect(retryAfterOf("120", now)).toBe(120_000);
  expect(retryAfterOf("Mon, 30 Nov 2026 12:01:00 GMT", now)).toBe(60_000);
  expect(retryAfterOf("Mon, 30 Nov 2026 11:00:00 GMT", now)).toBe(0);
  for (const bad of [undefined, "", "soon", "-5", "1e9", "2026"]) {
    expect(retryAfterOf(bad, now) ?? "none").toBe(bad === "2026" ? 2_026_000 : "none");
  }
});
