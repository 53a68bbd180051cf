import { renderTable } from "@clockleaf/shared/lib/text-table.ts";
import { type PostedStatus, readStatuses } from "../bridges/status-board.ts";
import { configOf, Usage, type Values } from "./arguments.ts";
import { withHub } from "./hub.ts";
import { EXIT, print, printText } from "./terminal.ts";

/** A process posts every second; who has not for so long is dead, frozen or cut off. */
const SILENT_MS = 10_000;

/** Fails (exit 1) where a feed has halted or nobody runs it, so that a monitor may call it. */
export async function bridgeCommands(
  values: Values,
  action: string,
  rest: readonly string[],
): Promise<number> {
  if (action !== "status" || rest.length > 0)
    throw new Usage("bridge status --config FILE [--json]");
  const config = configOf(values);
  return await withHub(config, "clockleaf-bridge", async (nc) => {
    const nowMs = Date.now();
    const feeds = (await readStatuses(nc, config.tenant)).map((feed) => shown(feed, nowMs));
    if (values.json === true) print(JSON.stringify(feeds));
    else if (feeds.length === 0) print("no bridges");
    else printText(tableOf(feeds));
    return feeds.every(({ isWell }) => isWell) ? EXIT.ok : EXIT.failed;
  });
}

type Shown = Omit<PostedStatus, "state"> & {
  readonly state: PostedStatus["state"] | "silent";
  readonly silentMs: number;
  readonly isWell: boolean;
};

/** A feed that was stopped in order says so for good; for as long as a restart takes that is no failure. */
function shown(feed: PostedStatus, nowMs: number): Shown {
  const silentMs = Math.max(0, nowMs - feed.postedAtMs);
  const isSilent = silentMs > SILENT_MS;
  const state = isSilent && feed.state !== "stopped" ? "silent" : feed.state;
  return { ...feed, state, silentMs, isWell: !isSilent && state !== "halted" };
}

/** States in which nobody runs the feed: what matters is for how long. */
const isSince = (state: Shown["state"]): boolean => state === "silent" || state === "stopped";

const HEAD = [
  "DESTINATION",
  "FEED",
  "STATE",
  "AT",
  "LAG",
  "RECORDS",
  "RESTARTS",
  "FENCED",
  "DEAD",
  "ERROR",
];

function tableOf(feeds: readonly Shown[]): string {
  const rows = feeds.map((each) => [
    each.destination,
    each.feed,
    isSince(each.state) ? `${each.state} ${Math.round(each.silentMs / 1000)} s` : each.state,
    String(each.position),
    String(each.lag),
    String(each.recordsTotal),
    String(each.restartsTotal),
    String(each.fencedTotal),
    String(each.deadLettersTotal),
    each.error === undefined ? "" : `${each.error.code}: ${each.error.message}`,
  ]);
  return renderTable([HEAD, ...rows]);
}
