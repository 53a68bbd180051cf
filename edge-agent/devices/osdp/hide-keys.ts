import { createFramer } from "./frame.ts";
import { encodeCommand } from "./messages.ts";

const KEYSET = encodeCommand({ type: "KEYSET", key: Uint8Array.of() }).id;

/**
 * For recordings: a KEYSET with everything behind its command byte made zeros. It goes out under the default key, which
 * everybody knows, so that its encryption hides nothing. What is said under a reader's own key is left as it is.
 */
export function hideKeys(written: Uint8Array): Uint8Array | undefined {
  const [frame] = createFramer().push(written);
  if (frame === undefined || frame.id !== KEYSET) return undefined;
  const start = written.length - frame.bytes.length;
  const block = frame.security === null ? 0 : frame.security.data.length + 2;
  return Uint8Array.from(written).fill(0, start + HEADER_AND_ID + block);
}

/** Up to and with the control byte, and the command behind the security block. */
const HEADER_AND_ID = 6;
