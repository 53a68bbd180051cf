/**
 * Whether `proof` (command 1102) is what somebody who knows `key` says in this session. The terminal knows the ticks from
 * the proof's third byte, and does not look at the byte that stood there. Source: pyzk 0.9 `make_commkey`.
 */
export function isKey(proof: Buffer, key: number, session: number): boolean {
  if (proof.length < 4) return false;
  const bits = key.toString(2).padStart(32, "0");
  const mirrored = Number.parseInt(Array.from(bits).toReversed().join(""), 2);
  const sum = (BigInt(mirrored) + BigInt(session)) & 0xffff_ffffn;
  const bytes = [0n, 8n, 16n, 24n].map((shift) => Number((sum >> shift) & 0xffn));
  const [a = 0, , c = 0, d = 0] = bytes.map((byte, at) => byte ^ "ZKSO".charCodeAt(at));
  const b = (bytes[1] ?? 0) ^ "K".charCodeAt(0);
  const ticks = proof[2] ?? 0;
  const expected = [c ^ ticks, d ^ ticks, a ^ a ^ ticks, b ^ ticks];
  return expected.every((byte, at) => proof[at] === byte);
}
