import type { DriverDeps, Reading } from "../driver.ts";
import type { OsdpReader } from "./config.ts";
import type { PunchDraft } from "./entry.ts";

/** A punch as the agent takes it: with what the reader's place claims and what the PIN proved. */
export function readingOf(
  { credential, pin, exchange }: PunchDraft,
  reader: OsdpReader,
  { checkPin }: Pick<DriverDeps, "checkPin">,
): Reading {
  const verdict = typeof pin === "string" ? pin : checkPin(credential, pin.typed);
  return {
    reader: reader.id,
    credential,
    hint: reader.direction === "none" ? null : reader.direction,
    deviceLocal: null,
    pin: verdict === "none-set" ? "not-asked" : verdict,
    deviceSeq: exchange,
  };
}
