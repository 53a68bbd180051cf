import { describe, expect, it } from "vitest";
import { type Attempt, createFailures } from "./failures.ts";

const LIMITS = { perAddress: 3, perAccount: 5, windowSeconds: 60 };
const attempt = (more: Partial<Attempt> = {}): Attempt => ({
  kind: "bearer",
  address: "192.0.2.1",
  account: "key clk_live_aaaaaa",
  digest: "wrong",
  ...more,
});

describe("failed logins", () => {
  it("make the address wait, and no other", () => {
    let now = 0;
    const failures = createFailures(LIMITS, () => now);
    for (let i = 0; i < 3; i += 1) {
      expect(failures.refusal(attempt())).toBeUndefined();
      failures.failed(attempt());
    }
    expect(failures.refusal(attempt())).toEqual({
      retryAfterSeconds: 20,
      limit: 3,
      windowSeconds: 60,
    });
    expect(failures.refusal(attempt({ address: "192.0.2.2" }))).toBeUndefined();
    now = 20_000;
    expect(failures.refusal(attempt())).toBeUndefined();
  });

  it("do not stop what was valid from there before", () => {
    const failures = createFailures(LIMITS, () => 0);
    failures.succeeded(attempt({ digest: "right" }));
    for (let i = 0; i < 3; i += 1) failures.failed(attempt());
    expect(failures.refusal(attempt({ digest: "right" }))).toBeUndefined();
    expect(failures.refusal(attempt())).toBeDefined();
    expect(failures.refusal(attempt({ digest: "right", address: "192.0.2.2" }))).toBeUndefined();
  });

  it("for one account from many addresses change the answer to failures only", () => {
    const failures = createFailures(LIMITS, () => 0);
    const answers = Array.from({ length: 7 }, (_, i) =>
      failures.failed(attempt({ address: `192.0.2.${i}` })),
    );
    expect(answers.map((each) => each !== undefined)).toEqual([
      ...Array.from({ length: 5 }, () => false),
      true,
      true,
    ]);
    expect(failures.refusal(attempt({ address: "198.51.100.1" }))).toBeUndefined();
  });

  it("are kept for a bounded number of addresses, the latest", () => {
    const failures = createFailures({ ...LIMITS, perAddress: 1 }, () => 0);
    const many = Array.from({ length: 10_001 }, (_, i) => attempt({ address: `a${i}` }));
    for (const each of many) failures.failed(each);
    expect(failures.refusal(attempt({ address: "a0" }))).toBeUndefined();
    expect(failures.refusal(attempt({ address: "a10000" }))).toBeDefined();
  });
});
