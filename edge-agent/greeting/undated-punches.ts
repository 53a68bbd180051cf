import type { DirectoryEntry } from "@clockleaf/shared/wire/directory.ts";
import { badgeKey, type PunchRow, punchedAtMs } from "@clockleaf/shared/wire/punch.ts";
import { redated, type TimeAnchor, waitsForAnchor } from "@clockleaf/shared/wire/redating.ts";
import type { Greeter } from "./greeter.ts";
import { isCounted } from "./recent-punches.ts";

/** More than a site punches while a gateway does not know the time; what is beyond is greeted wrong at most. */
const MOST = 10_000;

export interface UndatedPunchesOptions {
  readonly greeter: Pick<Greeter, "remember">;
  /** Who held the badge at an instant. */
  readonly holder: (badge: string, atMs: number) => DirectoryEntry | undefined;
}

/**
 * Punches taken before the gateway knew the time. They cannot tell what the next one means until they are dated, as the
 * cloud will date them: by the same anchor, with the same arithmetic.
 */
export interface UndatedPunches {
  /** A punch that is in the journal; one whose time is known is none of ours. */
  accepted(punch: PunchRow, punchId: string): void;
  /** The boot knows the time. */
  learned(anchor: TimeAnchor | undefined): void;
}

export function createUndatedPunches({ greeter, holder }: UndatedPunchesOptions): UndatedPunches {
  const waiting = new Map<string, PunchRow>();
  return {
    accepted(punch, punchId) {
      if (waitsForAnchor(punch.time) && waiting.size < MOST) waiting.set(punchId, punch);
    },
    learned(anchor) {
      if (anchor === undefined) return;
      for (const [punchId, { time, pin, credential, hint, reader }] of waiting) {
        const dated = redated(time, anchor);
        if (dated === undefined || !isCounted({ pin, time: dated })) continue;
        const at = punchedAtMs(dated);
        const entry = holder(badgeKey(credential), at);
        if (entry !== undefined) greeter.remember(entry.employeeId, punchId, { at, hint, reader });
      }
      waiting.clear();
    },
  };
}
