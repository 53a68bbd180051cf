import { encodeCommand } from "./commands.ts";
import { HEADER_BYTES } from "./frame.ts";

/** The order that proves a password; the factory's here, which is no secret. */
const VERIFY = encodeCommand({ kind: "verify-password", password: 0 });

/** For recordings: an order that proves a password of one's own, with the password and the sum over it made zeros. */
export function hideKeys(written: Uint8Array): Uint8Array | undefined {
  if (written[HEADER_BYTES] !== VERIFY[0]) return undefined;
  const password = written.subarray(HEADER_BYTES + 1, HEADER_BYTES + VERIFY.length);
  if (password.every((byte) => byte === 0)) return undefined;
  return Uint8Array.from(written).fill(0, HEADER_BYTES + 1);
}
