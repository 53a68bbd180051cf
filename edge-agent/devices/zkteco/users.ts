import { untilZero } from "./records.ts";

/**
 * User tables, of which only place and number are read: names, passwords and cards stay in the terminal.
 *
 *     28: slot[2] … id[4] at 24
 *     72: slot[2] … id[24] at 48
 *
 * Source: pyzk 0.9 `get_users`.
 */
const USER_SIZES = [28, 72] as const;

/** User numbers by their place in the terminal's memory; undefined when the table does not fit the number of users. */
export function usersBySlot(table: Buffer, users: number): Map<number, Uint8Array> | undefined {
  const size = USER_SIZES.find((each) => table.length === each * users);
  if (size === undefined) return undefined;
  const bySlot = new Map<number, Uint8Array>();
  for (let at = 0; at < table.length; at += size) {
    const entry = table.subarray(at, at + size);
    const id =
      size === 28 ? Buffer.from(String(entry.readUInt32LE(24))) : untilZero(entry.subarray(48, 72));
    bySlot.set(entry.readUInt16LE(0), id);
  }
  return bySlot;
}
