import { COMMANDS } from "./commands.ts";
import { createFramer, encodePacket } from "./frame.ts";

/** Two bytes over the whole packet, behind size and command. */
const CHECKSUM_AT = 10;

/**
 * For recordings: the proof of the communication key, and the checksum over it, made zeros. Whoever has the proof and the
 * session has the key (`comm-key.ts`).
 */
export function hideKeys(written: Uint8Array): Uint8Array | undefined {
  const [packet] = createFramer().push(written);
  if (packet?.command !== COMMANDS.auth) return undefined;
  const data = Buffer.alloc(packet.data.length);
  return encodePacket({ ...packet, data }).fill(0, CHECKSUM_AT, CHECKSUM_AT + 2);
}
