import { describe, expect, test } from "vitest";
import { createKeyCache, type KeyCache } from "./key-cache.ts";

const key = (n: number): Uint8Array => Uint8Array.of(n);
function running(size = 3): KeyCache {
  const cache = createKeyCache(size);
  cache.resume();
  return cache;
}

describe("what a process remembers of keys", () => {
  test("is the keys used last, as many as there is room for", () => {
    const cache = running();
    for (const n of [1, 2, 3]) cache.put(`p${n}`, key(n), cache.moment());
    expect(cache.get("p1")).toEqual(key(1));
    cache.put("p4", key(4), cache.moment());
    expect(["p1", "p2", "p3", "p4"].map((name) => cache.get(name)?.[0])).toEqual([
      1,
      undefined,
      3,
      4,
    ]);
  });

  test("is no key whose reading began before something was forgotten: it may be that one", () => {
    const cache = running();
    const since = cache.moment();
    cache.forget("p1");
    cache.put("p1", key(1), since);
    expect(cache.get("p1")).toBeUndefined();
  });

  test("is nothing while nobody tells what was erased, and nothing of before that", () => {
    const cache = running();
    cache.put("p1", key(1), cache.moment());
    const since = cache.moment();
    cache.pause();
    expect(cache.get("p1")).toBeUndefined();
    cache.put("p1", key(1), cache.moment());
    expect(cache.get("p1")).toBeUndefined();
    cache.resume();
    cache.put("p1", key(1), since);
    expect(cache.get("p1")).toBeUndefined();
  });
});
