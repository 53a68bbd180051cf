import { z } from "zod";

/** RFC 5321, 4.5.3.1.1: octets before the at sign. RFC 1035, 2.3.4: octets between two dots behind it. */
const LONGEST_PART = 64;
const LONGEST_LABEL = 63;

/** An e-mail address as people send it, no longer in any of its parts than mail servers take. */
export const emailInput = z.email().max(254).refine(isDeliverable, "Invalid email address");

function isDeliverable(address: string): boolean {
  const at = address.lastIndexOf("@");
  const labels = address.slice(at + 1).split(".");
  const areShort = at <= LONGEST_PART && labels.every(({ length }) => length <= LONGEST_LABEL);
  return areShort && labels.every((label) => !label.endsWith("-"));
}
