import type { CardFormat } from "@clockleaf/shared/wire/card-format.ts";
import { CARD_FORMATS } from "@clockleaf/shared/wire/card-formats.ts";
import { punchedAtMs } from "@clockleaf/shared/wire/punch.ts";
import type { Accepted } from "../accept.ts";
import { badgeText } from "../cli/badge-text.ts";

/** One punch for people who watch: what `clockleaf-edge tap` prints, field by field. */
export interface TapView {
  readonly row: number;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly reader: string;
  readonly badge: string;
  readonly light: string;
  /** What the reader shows; "" for nothing. */
  readonly text: string;
  readonly meaning: string;
  /** Stored before: read again after a doubt. */
  readonly isRepeat: boolean;
}

/** `formats`: card formats of this gateway's own, beside the published ones. */
export function tapView(
  { row, isRepeat, punch, feedback, told }: Accepted,
  formats: readonly CardFormat[],
): TapView {
  return {
    row,
    at: new Date(punchedAtMs(punch.time)).toISOString(),
    reader: punch.reader,
    badge: badgeText(punch.credential, [...formats, ...CARD_FORMATS]),
    light: feedback.light,
    text: feedback.text ?? "",
    meaning: told === null ? "" : `${told.meaning}: ${told.reason}`,
    isRepeat,
  };
}
