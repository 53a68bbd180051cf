import { PlatformError } from "../lib/errors.ts";

/**
 * What events of one type, stored under major version `fromMajor`, have to become to be of the next one. Pure, and true for
 * ever: streams are never rewritten, so the events it was made for stay.
 */
export interface Upcaster {
  readonly type: string;
  readonly fromMajor: number;
  readonly upcast: (data: unknown) => unknown;
}

/**
 * Needed only where an event's schema changed so that older ones no longer fit it. Added optional fields need none: they
 * raise the version's minor part at most.
 */
export const UPCASTERS: readonly Upcaster[] = [];

export interface Versioned {
  readonly type: string;
  /** `major.minor` */
  readonly version: string;
  readonly data: unknown;
}

export const majorOf = (version: string): number => Number(version.split(".")[0]);

/**
 * The data as the version `current` has it, one major version after the other. Throws `event.invalid` for a version newer
 * than `current`, or one that nothing leads on from.
 */
export function upcast(
  { type, version, data }: Versioned,
  current: string,
  upcasters: readonly Upcaster[] = UPCASTERS,
): unknown {
  let result = data;
  const last = majorOf(current);
  if (majorOf(version) > last) {
    throw new PlatformError(
      "event.invalid",
      `${type} ${version} is newer than this program, which knows ${current}`,
    );
  }
  for (let major = majorOf(version); major < last; major += 1) {
    const step = upcasters.find((each) => each.type === type && each.fromMajor === major);
    if (step === undefined) {
      throw new PlatformError("event.invalid", `nothing leads on from ${type} ${major}.x`);
    }
    result = step.upcast(result);
  }
  return result;
}
