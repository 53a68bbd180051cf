import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { hidOverStream } from "./hid-stream.ts";
import { createMemoryPair } from "./memory.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

it("gives a device that does not answer up after as long as the kernel would", async () => {
  const pair = createMemoryPair();
  const port = hidOverStream(pair.agent);
  let isOver = false;
  const asked = port.features?.get(0, 8).finally(() => {
    isOver = true;
  });
  asked?.catch(() => undefined);
  await vi.advanceTimersByTimeAsync(4_999);
  expect(isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await expect(asked).rejects.toMatchObject({ code: "device.refused", retriable: true });
  await port.close();
});

it("takes no report that is too long for a frame, and none at all", async () => {
  const port = hidOverStream(createMemoryPair().agent);
  for (const length of [0, 256]) {
    await expect(port.write(new Uint8Array(length))).rejects.toMatchObject({
      code: "wire.too-large",
    });
  }
  await expect(port.features?.send(0, new Uint8Array(253))).rejects.toMatchObject({
    code: "wire.too-large",
  });
});
