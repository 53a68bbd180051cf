import { describe, expect, test } from "vitest";
import { createPresence } from "./presence.ts";

describe("a tag that lies on the reader", () => {
  test("is one punch as long as it goes on coming, and another once it was gone", () => {
    const presence = createPresence({ mode: "while-present", ms: 1_000 });
    expect(presence.arrives("a", 0)).toBe(true);
    for (let atMs = 50; atMs <= 60_000; atMs += 50) expect(presence.arrives("a", atMs)).toBe(false);
    expect(presence.arrives("a", 60_999)).toBe(false);
    expect(presence.arrives("a", 61_999)).toBe(true);
  });

  test("does not hide another one, nor is it hidden by it", () => {
    const presence = createPresence({ mode: "while-present", ms: 1_000 });
    expect(presence.arrives("a", 0)).toBe(true);
    expect(presence.arrives("b", 50)).toBe(true);
    expect(presence.arrives("a", 100)).toBe(false);
  });

  test("whose punch could not be stored is new the next time it comes", () => {
    const presence = createPresence({ mode: "while-present", ms: 1_000 });
    presence.arrives("a", 0);
    presence.forget("a");
    expect(presence.arrives("a", 50)).toBe(true);
  });
});

test("a window begins with the punch and is not prolonged", () => {
  const presence = createPresence({ mode: "window", ms: 1_000 });
  expect([0, 600, 999, 1_000, 1_500].map((atMs) => presence.arrives("a", atMs))).toEqual([
    true,
    false,
    false,
    true,
    false,
  ]);
});

test("off hands everything over", () => {
  const presence = createPresence({ mode: "off", ms: 1_000 });
  expect([0, 1, 2].every((atMs) => presence.arrives("a", atMs))).toBe(true);
});

test("more badges than anybody can hold do not grow it; the oldest are forgotten", () => {
  const presence = createPresence({ mode: "while-present", ms: 1_000_000 });
  for (let badge = 0; badge < 1_000; badge += 1) presence.arrives(String(badge), badge);
  expect(presence.arrives("999", 1_000)).toBe(false);
  expect(presence.arrives("0", 1_000)).toBe(true);
});
