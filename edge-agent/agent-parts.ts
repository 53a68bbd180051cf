import { readFileSync } from "node:fs";
import { codeOf, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { Shutdown } from "@clockleaf/shared/lib/shutdown.ts";
import type { DirectoryEntry } from "@clockleaf/shared/wire/directory.ts";
import type { JournalRow } from "@clockleaf/shared/wire/punch.ts";
import { anchorOf } from "@clockleaf/shared/wire/redating.ts";
import { statusRow } from "./accept.ts";
import { startTime, type Time } from "./clock/time.ts";
import type { EdgeConfig } from "./config.ts";
import type { Directory } from "./directory/directory.ts";
import { fillFromJournal } from "./greeting/fill.ts";
import { createGreeter, type Greeter } from "./greeting/greeter.ts";
import { createUndatedPunches, type UndatedPunches } from "./greeting/undated-punches.ts";
import type { Journal } from "./journal/journal.ts";

// Steps of `startAgent` that put several parts together; each leaves with `shutdown` what it has begun.

interface GreetingParts {
  readonly config: EdgeConfig;
  readonly log: Log;
  readonly journal: Journal;
  readonly directory: Directory;
}

/** The greeter is there at once, and comes to know the last week of this gateway between other work. */
export function startGreeting(
  { config, journal, directory, log }: GreetingParts,
  shutdown: Shutdown,
): Greeter {
  const { site, gateway } = config;
  const greeter = createGreeter({ site, siteRules: () => directory.siteRules(), log });
  const filled = fillFromJournal({
    gateway,
    journal,
    greeter,
    holder: (badge, atMs) => holderOf(directory, badge, atMs),
    nowMs: Date.now(),
    log,
    signal: shutdown.signal,
  });
  shutdown.onStop("greetings", () => filled);
  return greeter;
}

function holderOf(directory: Directory, badge: string, atMs: number): DirectoryEntry | undefined {
  const found = directory.lookup(badge, atMs);
  return found.kind === "known" ? found.entry : undefined;
}

interface Clocks {
  readonly time: Time;
  readonly undated: UndatedPunches;
}

/** When this boot learns the time, the journal says so, for the cloud, and the greeter hears it. */
export async function startClocks(
  parts: GreetingParts & { readonly greeter: Greeter },
  shutdown: Shutdown,
): Promise<Clocks> {
  const { config, journal, directory, greeter, log } = parts;
  const undated = createUndatedPunches({
    greeter,
    holder: (badge, atMs) => holderOf(directory, badge, atMs),
  });
  const time = await startTime({
    ...config,
    zone: () => config.timeZone ?? directory.siteRules()?.zone,
    async tell(now) {
      await journal.append(statusRow(null, "time-known", now), null);
      undated.learned(anchorOf({ ...now, deviceLocal: null }));
    },
    log,
  });
  shutdown.onStop("time", () => time.close());
  return { time, undated };
}

/** A fact about the equipment that cannot be stored is told to people instead: it must not stop a reader. */
export async function writeStatus(journal: Journal, row: JournalRow, log: Log): Promise<void> {
  try {
    await journal.append(row, null);
  } catch (error) {
    log.error({ err: error, code: codeOf(error) }, "status row not journaled");
  }
}

export function readSeed(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new PlatformError("config.unreadable", `cannot read the NKey seed ${file}`, {
      cause: error,
    });
  }
}
