import type { DriverDeps, Reading } from "./driver.ts";

/** So many readings are with the journal at once: enough for one fsync to carry many, few enough to stop soon. */
const AT_ONCE = 256;

/** How many of `readings` are on disk for certain, counted from the first; and why it are not all. */
export interface Committed {
  readonly count: number;
  readonly refusal: unknown;
}

/**
 * Hands readings to the journal in order, many at once. Stops at the first that is refused; later ones of the same batch
 * may be stored as well, so everything from there on is to be handed over again. `between` runs after each batch.
 */
export async function commitAll(
  readings: readonly Reading[],
  deps: Pick<DriverDeps, "accept">,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<Committed> {
  for (let at = 0; at < readings.length; at += AT_ONCE) {
    const batch = readings.slice(at, at + AT_ONCE);
    const results = await Promise.allSettled(batch.map((reading) => deps.accept(reading)));
    const refused = results.findIndex(({ status }) => status === "rejected");
    const result = results[refused];
    if (result?.status === "rejected") return { count: at + refused, refusal: result.reason };
    await between();
  }
  return { count: readings.length, refusal: undefined };
}
