import { expect, it } from "vitest";
import { Signal } from "./signal.ts";

it("a signal raised before anybody waits is not lost, and is used up by the first wait", async () => {
  const signal = new Signal();
  signal.raise();
  signal.raise();
  await signal.wait();
  let isWoken = false;
  const waiting = signal.wait().then(() => {
    isWoken = true;
  });
  await Promise.resolve();
  expect(isWoken).toBe(false);
  signal.raise();
  await waiting;
  expect(isWoken).toBe(true);
});

it("a wait with a time-out ends by itself", async () => {
  const signal = new Signal();
  await expect(signal.wait(1)).resolves.toBeUndefined();
});
