import { expect, it } from "vitest";
import { lastingPort } from "./ports.ts";

it("no port is given out twice, though nobody listens on it yet", async () => {
  const ports = await Promise.all(Array.from({ length: 1_000 }, lastingPort));
  expect(new Set(ports).size).toBe(ports.length);
});
