import { describe, expect, it } from "vitest";
import { keyed, now, post } from "./conventions-rig.ts";

describe("a batch", () => {
  it("carries out each item for itself, and once under its key", async () => {
    const items = ["a", "", "c"].map((name) => ({ operation: "make", body: { name } }));
    const answer = await post("/things:batch", { items }, keyed("b1"));
    expect(await answer.json()).toMatchObject({
      succeeded: 2,
      failed: 1,
      results: [
        { index: 0, status: 201, id: now.made[0] },
        { index: 1, status: 422, id: null, problem: { errors: [{ pointer: "#/name" }] } },
        { index: 2, status: 201, id: now.made[1] },
      ],
    });
    await post("/things:batch", { items }, keyed("b1"));
    expect(now.made).toHaveLength(2);
  });

  it("goes on with the same ids after a fault of ours in the middle", async () => {
    const items = ["a", "b"].map((name) => ({ operation: "make", body: { name } }));
    const first = await post("/things:batch", { items }, keyed("b2"));
    const second = await post("/things:batch", { items }, keyed("b2"));
    expect(await second.text()).toBe(await first.text());
  });

  it("takes at most 500 items, known operations and no other fields", async () => {
    const item = { operation: "make", body: { name: "a" } };
    const many = Array.from({ length: 501 }, () => item);
    for (const items of [[], many, [{ ...item, operation: "wipe" }], [{ ...item, more: 1 }]]) {
      expect((await post("/things:batch", { items }, keyed(`k${items.length}`))).status).toBe(422);
    }
    expect((await post("/things:batch", { items: [item] })).status).toBe(400);
    expect(now.made).toEqual([]);
  });
});
