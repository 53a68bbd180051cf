import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { describe, expect, it } from "vitest";
import type { PaySources } from "./pay-facts.ts";
import { answerSalary } from "./salary-answer.ts";

/** None of these gets as far as the facts. */
const sources = {} as PaySources;
const REQUEST = { employeeId: "e-1", period: "2026-11" };
const answerOf = async (request: unknown, caughtUp: () => Promise<void>) => {
  const answer = await answerSalary({ sources, caughtUp }, request, 20);
  return answer.kind === "problem" ? answer.problem : undefined;
};

const never = (): Promise<void> => new Promise(() => undefined);
const away = async () => {
  throw new PlatformError("stream.not-connected", "the read model is not ready");
};
const broken = async () => {
  throw new Error("the salary of Ada");
};

describe("the answer to a salary request", () => {
  it("says what is wrong with a request", async () => {
    const problem = await answerOf({ employeeId: "no spaces", month: 11 }, async () => undefined);
    expect(problem).toMatchObject({
      status: 422,
      code: "api.invalid",
      type: "/problems/api.invalid",
    });
    expect(problem?.detail).toMatch(/employeeId[^]*period|period[^]*employeeId/);
    expect(await answerOf(undefined, async () => undefined)).toMatchObject({ status: 422 });
  });

  it("is a time-out when the facts are not there in time", async () => {
    expect(await answerOf(REQUEST, never)).toMatchObject({
      status: 504,
      code: "api.busy",
      detail: "no result within 20 ms",
    });
  });

  it("tells a moment's trouble, which passes, from a fault, of which it tells nothing", async () => {
    expect(await answerOf(REQUEST, away)).toMatchObject({
      status: 503,
      code: "stream.not-connected",
    });
    const fault = await answerOf(REQUEST, broken);
    expect(fault).toMatchObject({ status: 500, code: "internal" });
    expect(JSON.stringify(fault)).not.toContain("Ada");
  });
});
