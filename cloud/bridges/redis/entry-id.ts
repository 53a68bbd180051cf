import type { Position } from "../bridge.ts";

/** Of a stream that nothing was ever written to. */
export const NO_ENTRY = "0-0";

/**
 * The id of what stands at `seq` of the JetStream stream. It grows with the sequence, and from one incarnation of the stream
 * to the next; Redis refuses one that does not, so an id is written once.
 */
export const entryIdOf = (incarnation: number, seq: number): string => `${incarnation}-${seq}`;

/** Where a stream's last id stands; undefined if nothing was ever written. Ids of other writers give positions too. */
export function positionOf(lastId: string): Position | undefined {
  if (lastId === NO_ENTRY) return undefined;
  const [incarnation = "", seq = ""] = lastId.split("-");
  return { incarnation: Number(incarnation), seq: Number(seq) };
}
