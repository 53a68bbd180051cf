/** The constant the vendor's own library mixes in. */
const TICKS = 50;

/**
 * What proves the communication key in a session (command 1102): the key's 32 bits reversed, plus the session, mixed with
 * "ZKSO", halves swapped, mixed with the ticks. Source: pyzk 0.9 `make_commkey` (which names `commpro.c`). No secret
 * is kept by that: whoever hears it has the key, so the terminal belongs on a network of its own.
 */
export function proofOfKey(key: number, session: number): Buffer {
  let reversed = 0;
  for (let bit = 0; bit < 32; bit += 1) reversed = (reversed << 1) | ((key >>> bit) & 1);
  const mixed = Buffer.alloc(4);
  mixed.writeUInt32LE(((reversed >>> 0) + session) >>> 0);
  for (const [at, letter] of Buffer.from("ZKSO").entries()) mixed[at] = (mixed[at] ?? 0) ^ letter;
  const [, second = 0, third = 0, fourth = 0] = mixed;
  return Buffer.from([third ^ TICKS, fourth ^ TICKS, TICKS, second ^ TICKS]);
}
