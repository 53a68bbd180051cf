import { setTimeout as sleep } from "node:timers/promises";
import type { Feedback } from "./driver.ts";

const EACH_MS = 1_500;

/** Each light for a moment, green last: an installer who asked for it watches. Rejects as `show` does. */
export async function testLights(show: (light: Feedback["light"]) => Promise<void>): Promise<void> {
  await show("red");
  await sleep(EACH_MS);
  await show("amber");
  await sleep(EACH_MS);
  await show("green");
}
