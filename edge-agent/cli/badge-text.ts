import type { CardFormat } from "@clockleaf/shared/wire/card-format.ts";
import { readings } from "@clockleaf/shared/wire/card-formats.ts";
import { badgeKey, type Credential } from "@clockleaf/shared/wire/punch.ts";

/**
 * A badge's key and what may be printed on the card, so that somebody who holds it can compare. Several prints where
 * formats share a length and a parity; none for formats nobody knows, and for numbers, which are their own print.
 */
export function badgeText(credential: Credential, formats: readonly CardFormat[]): string {
  const prints = readings(credential, formats).map(({ format, facility, number }) =>
    facility === null ? `${format} ${number}` : `${format} ${facility}/${number}`,
  );
  const key = badgeKey(credential);
  return prints.length === 0 ? key : `${key} (${prints.join(" or ")})`;
}
