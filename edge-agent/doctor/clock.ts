import { WALL_CLOCK_FLOOR_MS } from "@clockleaf/shared/wire/redating.ts";
import { machineProbe, readSync, type SyncState, wasSetByRtc } from "../clock/time-sync.ts";
import { readKnownZone } from "../directory/known-zone.ts";
import { isFarOff, offsetText } from "../health/hub-time.ts";
import type { HubOffset } from "../uplink/hub-clock.ts";
import { type Finding, fail, ok, RESTART, skip, warn } from "./finding.ts";
import type { Setup } from "./setup.ts";

const DAY_MS = 86_400_000;
const SET_CLOCK = "sudo timedatectl set-ntp true, or by hand: sudo date -s '2030-01-31 12:00'";

/** What the machine says of how its clock is kept. */
export async function checkClock({ config }: Setup): Promise<readonly Finding[]> {
  const { clock } = config;
  if (clock.source !== "system" || clock.ntp === "ignore") {
    return [skip("clock synchronisation", "the configuration says that nobody needs to be asked")];
  }
  const [sync, hasRtc] = await Promise.all([readSync(machineProbe), wasSetByRtc()]);
  return [judgeSync(sync), judgeRtc(hasRtc, sync)];
}

export function judgeWallClock(nowMs: number): Finding {
  const shown = new Date(nowMs).toISOString();
  if (nowMs >= WALL_CLOCK_FLOOR_MS) return ok("clock", shown);
  return fail("clock", {
    says: `shows ${shown}, before this release was made: nothing has set it since the power came back. Punches are kept, and dated once it is right`,
    cure: SET_CLOCK,
  });
}

export function judgeSync(state: SyncState): Finding {
  const about = "clock synchronisation";
  switch (state.kind) {
    case "synchronised":
      if (state.agoMs <= DAY_MS) return ok(about, `by ${state.by}`);
      return warn(about, {
        says: `${state.by} last set it ${Math.round(state.agoMs / DAY_MS)} days ago`,
        cure: "timedatectl timesync-status, or: chronyc sources",
      });
    case "never":
      return warn(about, {
        says: `${state.by} has not managed to set it since the boot`,
        cure: "timedatectl timesync-status, or: chronyc sources; is UDP port 123 open to the outside?",
      });
    case "unknown":
      return warn(about, {
        says: "no time service answers: nobody knows how wrong the clock is",
        cure: "sudo apt-get install chrony",
      });
  }
}

export function judgeRtc(hasRtc: boolean, { kind }: SyncState): Finding {
  const about = "clock with a battery";
  if (hasRtc) return ok(about, "set the time at boot");
  const says =
    "none: after a power cut without network, punches are dated only once the time is known";
  if (kind === "synchronised") return ok(about, says);
  return warn(about, {
    says,
    cure: "fit one (DS3231 or alike), then: sudo hwclock --systohc",
  });
}

/** The zone of the configuration against the one that the cloud has for this site. */
export function checkZone({ config }: Setup): readonly Finding[] {
  return [judgeZone(config.timeZone, readKnownZone(config.directoryFile))];
}

export function judgeZone(configured: string | undefined, ofSite: string | undefined): Finding {
  const about = "time zone";
  if (ofSite === undefined) {
    return configured === undefined
      ? skip(about, "not configured, and the cloud has not said the site's yet")
      : ok(about, `${configured}; the cloud has not said the site's yet`);
  }
  if (configured === undefined || configured === ofSite) return ok(about, `${ofSite}, the site's`);
  return warn(about, {
    says: `the configuration says ${configured}, the cloud has ${ofSite} for this site: terminals' records would be read in the wrong zone`,
    cure: `in the configuration, timeZone: ${ofSite}, then: ${RESTART}`,
  });
}

const AGAINST_HUB = "clock against the hub's";
/** What the hub stored last was stored in the past, so a clock that shows an earlier time is behind by that much or more. */
const MOST_BEHIND_MS = 60_000;
/** Below this it is within what is asked of a clock that sets terminals'. */
const WORTH_A_LOOK_MS = 5_000;
const KEPT_CLOCK =
  "chronyc sources, or: timedatectl timesync-status; the same on the hub: whichever follows a wrong time server is wrong";

/** What a running agent measured, both ways. */
export function judgeHubOffset(offset: HubOffset, sync: SyncState["kind"]): Finding {
  const says = offsetText(offset);
  const isKept = sync === "synchronised";
  const cure = isKept ? KEPT_CLOCK : SET_CLOCK;
  if (isFarOff(offset)) {
    return isKept
      ? warn(AGAINST_HUB, { says: `${says}, although a time service keeps it`, cure })
      : fail(AGAINST_HUB, { says: `${says}: punches are dated wrongly by as much`, cure });
  }
  const isWorthALook = Math.abs(offset.aheadMs) - offset.withinMs > WORTH_A_LOOK_MS;
  return isWorthALook ? warn(AGAINST_HUB, { says, cure }) : ok(AGAINST_HUB, says);
}

/** While no agent runs that has measured it. `storedAtMs`: when the hub stored this gateway's newest segment, by its own clock. */
export function judgeAgainstHub(nowMs: number, storedAtMs: number): Finding {
  const behindMs = storedAtMs - nowMs;
  if (behindMs <= MOST_BEHIND_MS) {
    return ok(AGAINST_HUB, "not behind; whether it is ahead only a running agent can tell");
  }
  return fail(AGAINST_HUB, {
    says: `behind by ${Math.round(behindMs / 1000)} s or more: the hub stored something at ${new Date(storedAtMs).toISOString()}`,
    cure: SET_CLOCK,
  });
}
