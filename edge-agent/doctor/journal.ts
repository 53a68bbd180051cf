import { renderAge } from "../cli/output.ts";
import { type JournalFileStats, readJournalStats } from "../journal/inspect.ts";
import { verifyNewest } from "../journal/verify.ts";
import { AS_AGENT, readable } from "./files.ts";
import { type Finding, fail, ok, quoted, RESTART, skip, warn } from "./finding.ts";
import type { Setup } from "./setup.ts";

/** Read in some 20 ms; `journal verify` reads them all. */
const ROWS_TO_VERIFY = 2_000;
const LARGEST_WAL = 64 * 1024 * 1024;
/** Live rows are at the hub within seconds. */
const OLDEST_WAITING_MS = 15 * 60_000;

/** The journal's file and what waits in it; read only, beside a running agent or without one. */
export function checkJournal({ config, configFile }: Setup): readonly Finding[] {
  const { path } = config.journal;
  const about = `journal ${path}`;
  const access = readable(path);
  if (access === "missing") return [skip(about, "is not there yet; the agent makes it")];
  if (access === "denied") {
    return [warn(about, { says: "this user may not read it", cure: AS_AGENT })];
  }
  const options = `--config ${quoted(configFile)}`;
  try {
    const { damage, rows } = verifyNewest(path, ROWS_TO_VERIFY);
    const stats = readJournalStats(path);
    const sound =
      damage === null
        ? ok(about, `sound over the newest ${rows} of ${stats.rows} rows`)
        : damaged(about, `row ${damage.row}: ${damage.what}`, options);
    return [sound, judgeWal(stats, path), judgeBacklog(stats, options)];
  } catch (error) {
    return [damaged(about, error instanceof Error ? error.message : String(error), options)];
  }
}

const damaged = (about: string, says: string, options: string): Finding =>
  fail(about, {
    says: `cannot be trusted: ${says}`,
    cure: `clockleaf-edge journal verify ${options}; save what can be read: clockleaf-edge journal export ${options} > rescue.ndjson; see edge-agent/journal/README.md`,
  });

export function judgeWal({ walBytes }: Pick<JournalFileStats, "walBytes">, path: string): Finding {
  const about = "write-ahead log";
  const size = `${(walBytes / 1024 / 1024).toFixed(1)} MiB`;
  if (walBytes <= LARGEST_WAL) return ok(about, size);
  return warn(about, {
    says: `${size}: some program keeps the journal open for reading, so that it cannot be written back`,
    cure: `sudo fuser -v ${quoted(path)} shows it; stop it, then: ${RESTART}`,
  });
}

export function judgeBacklog(
  { waiting, oldestWaitingMs }: Pick<JournalFileStats, "waiting" | "oldestWaitingMs">,
  options: string,
): Finding {
  const about = "backlog";
  if (oldestWaitingMs === null || waiting === 0) return ok(about, "the hub has every row");
  const says = `${waiting} rows wait, the oldest for ${renderAge(oldestWaitingMs)}`;
  if (oldestWaitingMs <= OLDEST_WAITING_MS) return ok(about, says);
  return warn(about, {
    says: `${says}; nothing is lost while they fit`,
    cure: `clockleaf-edge backlog ${options} says how many more fit; leaf server and hub below say why`,
  });
}
