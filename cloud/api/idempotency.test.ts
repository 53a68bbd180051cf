import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { describe, expect, it } from "vitest";
import { keyed, keys, now, post } from "./conventions-rig.ts";

describe("an Idempotency-Key", () => {
  it("is asked for where money moves, and must be printable", async () => {
    const without = await post("/things", { name: "a" });
    expect([without.status, await without.json()]).toMatchObject([
      400,
      { code: "api.idempotency-key-required" },
    ]);
    for (const bad of ["", "é", "x".repeat(256), '"unclosed']) {
      expect((await post("/things", { name: "a" }, keyed(bad))).status).toBe(422);
    }
    expect(now.made).toEqual([]);
  });

  it("is the same bare and quoted, and each caller's own", async () => {
    const first = await post("/things", { name: "a" }, keyed("k1"));
    const quoted = await post("/things", { name: "a" }, keyed('"k1"'));
    expect(await quoted.text()).toBe(await first.text());
    expect(quoted.headers.get("idempotency-replayed")).toBe("true");
    expect(quoted.headers.get("location")).toBe(first.headers.get("location"));
    await post(
      "/things",
      { name: "b" },
      {
        ...keyed("k1"),
        authorization: `Bearer ${keys[1].key}`,
      },
    );
    expect(now.made).toHaveLength(2);
  });

  it("keeps no answer that another moment would change, and goes on with the same ids", async () => {
    now.failures = [
      new Error("a fault"),
      new PlatformError("stream.conflict", "lost a race", { retriable: true }),
      new PlatformError("stream.not-connected", "no hub", { retriable: true }),
    ];
    const statuses = [];
    for (let n = 0; n < 5; n += 1) {
      statuses.push((await post("/things", { name: "a" }, keyed("k"))).status);
    }
    expect(statuses).toEqual([500, 409, 503, 201, 201]);
    expect(now.made).toHaveLength(1);
  });

  it("keeps what a rule said, too", async () => {
    expect((await post("/things", { name: "" }, keyed("k"))).status).toBe(422);
    const again = await post("/things", { name: "" }, keyed("k"));
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([422, "true"]);
    expect((await post("/things", { name: "x" }, keyed("k"))).status).toBe(422);
    expect(now.made).toEqual([]);
  });
});
