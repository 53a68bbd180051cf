import type { HubLinkStatus } from "../hub-link.ts";
import type { HubOffset } from "../uplink/hub-clock.ts";

/** Clocks that differ by more than this date punches wrongly: as much as a terminal's own clock may. */
const MOST_OFF_MS = 60_000;

/** This gateway's clock against the hub's; null while it was not measured. */
export const hubOffsetOf = (uplink: HubLinkStatus): HubOffset | null =>
  "stats" in uplink ? uplink.stats.hubClock : null;

/** Surely further off than that, however wrong the measurement is. */
export const isFarOff = ({ aheadMs, withinMs }: HubOffset): boolean =>
  Math.abs(aheadMs) - withinMs > MOST_OFF_MS;

/** `600.1 s ahead of the hub's (± 0.02 s)`. */
export function offsetText({ aheadMs, withinMs }: HubOffset): string {
  const seconds = (Math.abs(aheadMs) / 1000).toFixed(1);
  return `${seconds} s ${aheadMs < 0 ? "behind" : "ahead of"} the hub's (± ${(withinMs / 1000).toFixed(2)} s)`;
}
