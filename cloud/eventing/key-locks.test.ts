import fc from "fast-check";
import { expect, test } from "vitest";
import { createKeyLocks } from "./key-locks.ts";

test("keeps calls with a common key apart, and none waits for ever", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { minLength: 1 }), {
        maxLength: 20,
      }),
      async (calls) => {
        const locks = createKeyLocks();
        const inside = new Set<string>();
        let finished = 0;
        await Promise.all(
          calls.map((keys, n) =>
            locks
              .run(keys, async () => {
                for (const key of keys) expect(inside.has(key)).toBe(false);
                for (const key of keys) inside.add(key);
                await new Promise(setImmediate);
                for (const key of keys) inside.delete(key);
                finished += 1;
                if (n % 3 === 0) throw new Error("a failing call frees its keys, too");
              })
              .catch(() => undefined),
          ),
        );
        expect(finished).toBe(calls.length);
      },
    ),
    { seed: 20_261_124, numRuns: 200 },
  );
});

test("lets calls without a common key run side by side", async () => {
  const locks = createKeyLocks();
  const gate = Promise.withResolvers<void>();
  const held = locks.run(["a"], () => gate.promise);
  expect(await locks.run(["b"], async () => "through")).toBe("through");
  gate.resolve();
  await held;
});
