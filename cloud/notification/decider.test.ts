import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isRefusal } from "../eventing/decider.ts";
import { refused } from "../eventing/decider-spec.ts";
import {
  type MessageCommand,
  type MessageEvent,
  messageDecider,
  type Notification,
  type Requested,
} from "./decider.ts";

const AT = 1_000_000;
const STALE_MS = 120_000;
const data = (more: Partial<Requested> = {}): Requested => ({
  notificationId: "n-1",
  employeeId: "e-1",
  target: null,
  channel: "email",
  template: "welcome",
  locale: "en",
  values: {},
  by: null,
  at: AT,
  ...more,
});
const request = (
  way: Extract<MessageCommand, { type: "request" }>["way"] = "task",
): MessageCommand => ({
  type: "request",
  data: data(way === "shown" ? { channel: "in-app" } : {}),
  way,
});
const claim = (at = AT, mayRepeat = false): MessageCommand => ({
  type: "claim",
  at,
  staleAfterMs: STALE_MS,
  mayRepeat,
});
const sent = (attempt = 1): MessageCommand => ({
  type: "report",
  attempt,
  report: { outcome: "sent", providerId: "250 ok" },
  at: AT + 1,
});
const failed = (outcome: "gave-up" | "uncertain" | "will-retry", attempt = 1): MessageCommand => ({
  type: "report",
  attempt,
  report:
    outcome === "will-retry"
      ? { outcome, reason: "later", retryAt: AT + 5 }
      : { outcome, reason: "because" },
  at: AT + 1,
});
const read = (employeeId: string): MessageCommand => ({ type: "read", employeeId, at: AT });
const resend: MessageCommand = { type: "resend", by: "hr", at: AT + 9 };

/** What commands lead to, one after the other; the last one's answer. */
function after(...commands: readonly MessageCommand[]) {
  let state: Notification | null = null;
  let answer: ReturnType<typeof messageDecider.decide> = [];
  for (const command of commands) {
    answer = messageDecider.decide(state, command);
    if (isRefusal(answer)) continue;
    for (const event of answer) state = messageDecider.evolve(state, event);
  }
  const types = isRefusal(answer) ? answer.code : answer.map(({ type }) => type.split(".").at(-1));
  return { answer, state, types };
}

describe("a message", () => {
  it("is asked for once, claimed once and sent once", () => {
    expect(after(request(), request()).types).toEqual([]);
    expect(after(request(), claim()).types).toEqual(["claimed"]);
    expect(after(request(), claim(), claim()).answer).toMatchObject(
      refused("notification.being-sent"),
    );
    expect(after(request(), claim(), sent()).types).toEqual(["sent"]);
    expect(after(request(), claim(), sent(), claim()).types).toEqual([]);
    expect(after(request(), claim(), sent(), sent()).types).toEqual([]);
  });

  it("shown in the application is delivered by being written", () => {
    expect(after(request("shown")).types).toEqual(["requested", "sent"]);
  });

  it("that is not to be sent says why at once", () => {
    const { types, state } = after(request({ suppressed: "the person was erased" }));
    expect(types).toEqual(["requested", "failed"]);
    expect(state).toMatchObject({ status: "suppressed" });
    expect(after(request({ suppressed: "x" }), claim()).types).toEqual([]);
  });

  it("whose worker died is in doubt, where the receiver could not tell a repeat", () => {
    const late = AT + STALE_MS;
    expect(after(request(), claim(), claim(late - 1)).answer).toMatchObject(
      refused("notification.being-sent"),
    );
    const doubtful = after(request(), claim(), claim(late));
    expect(doubtful.types).toEqual(["failed"]);
    expect(doubtful.state).toMatchObject({ status: "uncertain", attempt: 1 });
    expect(after(request(), claim(), claim(late), claim(late)).types).toEqual([]);
    expect(after(request(), claim(), claim(late, true)).types).toEqual(["failed", "claimed"]);
  });

  it("in doubt takes the word of the worker that was only slow", () => {
    const doubtful = [request(), claim(), claim(AT + STALE_MS)];
    expect(after(...doubtful, sent()).state).toMatchObject({ status: "sent" });
    expect(after(...doubtful, failed("will-retry")).state).toMatchObject({ status: "will-retry" });
    expect(after(...doubtful, sent(2)).types).toEqual([]);
  });

  it("is tried again after a refusal for now, and never after one for good", () => {
    const again = [request(), claim(), failed("will-retry")];
    expect(after(...again).state).toMatchObject({ retryAt: AT + 5 });
    expect(after(...again, claim()).state).toMatchObject({ attempt: 2, retryAt: null });
    expect(after(request(), claim(), failed("gave-up"), claim()).types).toEqual([]);
  });

  it("is sent again by a person, unless it was sent", () => {
    for (const outcome of ["gave-up", "uncertain"] as const) {
      const { types, state } = after(request(), claim(), failed(outcome), resend);
      expect(types).toEqual(["requested"]);
      expect(state).toMatchObject({ status: "waiting", requested: { by: "hr" }, attempt: 1 });
    }
    expect(after(request(), claim(), sent(), resend).answer).toMatchObject(
      refused("notification.sent"),
    );
    expect(after(request(), claim(), resend).answer).toMatchObject(
      refused("notification.being-sent"),
    );
    expect(after(request(), resend).types).toEqual([]);
  });

  it("is read by whom it is for, once", () => {
    expect(after(request("shown"), read("e-1")).types).toEqual(["read"]);
    expect(after(request("shown"), read("e-1"), read("e-1")).types).toEqual([]);
    expect(after(request("shown"), read("e-2")).answer).toMatchObject(
      refused("notification.not-found"),
    );
    expect(after(request(), read("e-1")).answer).toMatchObject(refused("notification.not-found"));
  });
});

describe("workers that claim, die, come late and are doubted, in any order", () => {
  const worker = fc.record({
    /** How long after the one before. */
    afterMs: fc.constantFrom(0, 1, STALE_MS - 1, STALE_MS, 3 * STALE_MS),
    does: fc.constantFrom("claim", "claim", "sends", "is told later", "dies", "reports late"),
  });

  it("a mail goes out once for each time it was asked for or certainly refused", () => {
    let sentTotal = 0;
    fc.assert(
      fc.property(fc.array(worker, { maxLength: 20 }), (steps) => {
        let state: Notification | null = null;
        const events: Array<Decided<MessageEvent>> = [];
        const run = (command: MessageCommand) => {
          const answer = messageDecider.decide(state, command);
          if (isRefusal(answer)) return [];
          for (const event of answer) {
            state = messageDecider.evolve(state, event);
            events.push(event);
          }
          return answer;
        };
        run(request());
        let now = AT;
        /** Claims whose holder may put bytes on the wire. */
        const held: number[] = [];
        let onTheWire = 0;
        let refusals = 0;
        for (const { afterMs, does } of steps) {
          now += afterMs;
          const attempt = held.at(-1) ?? 0;
          switch (does) {
            case "claim": {
              const last = run(claim(now)).at(-1);
              if (last?.type !== "notification.message.claimed") break;
              held.push(last.data.attempt);
              onTheWire += 1;
              break;
            }
            case "sends":
            case "reports late":
              run({
                type: "report",
                attempt,
                report: { outcome: "sent", providerId: null },
                at: now,
              });
              break;
            case "is told later": {
              const report = { outcome: "will-retry", reason: "451", retryAt: now } as const;
              if (run({ type: "report", attempt, report, at: now }).length > 0) refusals += 1;
              break;
            }
            case "dies":
              break;
          }
        }
        // No person asked again: at most one try whose fate is not "certainly not taken".
        expect(onTheWire - refusals).toBeLessThanOrEqual(1);
        const said = events.filter(({ type }) => type === "notification.message.sent").length;
        expect(said).toBeLessThanOrEqual(1);
        sentTotal += said;
      }),
      { numRuns: 3_000, seed: 20261130 },
    );
    expect(sentTotal).toBeGreaterThan(100);
  });
});
