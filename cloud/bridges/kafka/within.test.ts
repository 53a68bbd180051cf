import { expect, test } from "vitest";
import { within } from "./within.ts";

test("what is done in time passes, what fails fails as it did", async () => {
  await expect(within(10_000, "work", Promise.resolve(7))).resolves.toBe(7);
  const own = new Error("its own");
  await expect(within(10_000, "work", Promise.reject(own))).rejects.toBe(own);
});

test("what never ends is given up, and may be tried again", async () => {
  await expect(within(10, "work", new Promise(() => undefined))).rejects.toMatchObject({
    code: "bridge.unreachable",
    retriable: true,
  });
});
