import { JetStreamApiError } from "@nats-io/jetstream";
import { errors } from "nats";
import { describe, expect, it } from "vitest";
import { codeOf, isRetriable, PlatformError } from "./errors.ts";

const apiError = (code: number, err_code: number) =>
  new JetStreamApiError({ code, err_code, description: "said by the server" });

describe("what the NATS client throws while a hub is away is retriable", () => {
  const noResponders = new errors.NoRespondersError("evt.v1.x");
  it.each([
    ["no answer in time", new errors.TimeoutError()],
    ["nobody listens", noResponders],
    ["a request that failed", new errors.RequestError("x", { cause: noResponders })],
    ["a connection closed", new errors.ClosedConnectionError()],
    ["a connection closing", new errors.DrainingConnectionError()],
    ["a connection broken", new errors.ConnectionError("x")],
    ["no leader (10008)", apiError(503, 10_008)],
    ["no resources (10023)", apiError(503, 10_023)],
    ["a store that failed (10077)", apiError(500, 10_077)],
  ])("%s", (_what, error) => {
    expect(isRetriable(error)).toBe(true);
    expect(codeOf(error)).toBe("stream.not-connected");
  });

  it("a server without its JetStream, whose class is not exported", () => {
    const error = Object.assign(new Error("not enabled"), { name: "JetStreamNotEnabled" });
    expect(isRetriable(error)).toBe(true);
  });
});

describe("the rest is not", () => {
  it.each([
    ["an answer of the server", apiError(404, 10_059)],
    ["a guard that did not hold", apiError(400, 10_071)],
    ["a wrong subject", new errors.InvalidSubjectError("x")],
    ["a fault of the program", new TypeError("undefined is not a function")],
    ["a time-out of the web's", new DOMException("slow", "TimeoutError")],
    ["something that is no error", "x"],
  ])("%s", (_what, error) => {
    expect(isRetriable(error)).toBe(false);
    expect(codeOf(error)).toBe("internal");
  });
});

it("an error of ours says itself what it is", () => {
  const cause = new errors.TimeoutError();
  expect(isRetriable(new PlatformError("event.invalid", "x", { cause }))).toBe(false);
  expect(codeOf(new PlatformError("event.invalid", "x", { cause }))).toBe("event.invalid");
});
