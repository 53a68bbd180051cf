/**
 * The partition that Java's producer, and with it every Kafka client that calls itself compatible, would choose for a key:
 * a consumer or a join that relies on the same key lying in the same partition may do so. The seed, both constants and the
 * order of the steps are those of `org.apache.kafka.common.utils.Utils.murmur2`.
 */
export const partitionOf = (key: Uint8Array, partitions: number): number =>
  (murmur2(key) & MAX_INT32) % partitions;

const MAX_INT32 = 0x7f_ff_ff_ff;
const SEED = 0x97_47_b2_8c;
const MIX = 0x5b_d1_e9_95;
const SHIFT = 24;

/** As a signed 32-bit number. */
export function murmur2(data: Uint8Array): number {
  const { length } = data;
  const view = new DataView(data.buffer, data.byteOffset, length);
  const whole = length - (length % 4);
  let hash = SEED ^ length;
  for (let at = 0; at < whole; at += 4) {
    let part = Math.imul(view.getInt32(at, true), MIX);
    part = Math.imul(part ^ (part >>> SHIFT), MIX);
    hash = Math.imul(hash, MIX) ^ part;
  }
  if (whole < length) {
    for (let at = whole; at < length; at += 1) hash ^= view.getUint8(at) << (8 * (at - whole));
    hash = Math.imul(hash, MIX);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MIX);
  return hash ^ (hash >>> 15);
}
