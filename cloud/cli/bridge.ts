import { renderTable } from "@clockleaf/shared/lib/text-table.ts";
import { type FeedHealth, healthOf } from "../bridges/feed-health.ts";
import { readStatuses } from "../bridges/status-board.ts";
import { configOf, Usage, type Values } from "./arguments.ts";
import { withHub } from "./hub.ts";
import { EXIT, print, printText } from "./terminal.ts";

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
    const feeds = (await readStatuses(nc, config.tenant)).map((feed) => healthOf(feed, nowMs));
    if (values.json === true) print(JSON.stringify(feeds));
    else if (feeds.length === 0) print("no bridges");
    else printText(tableOf(feeds));
    return feeds.every(({ isWell }) => isWell) ? EXIT.ok : EXIT.failed;
  });
}

/** States in which nobody runs the feed: what matters is for how long. */
const isSince = (state: FeedHealth["state"]): boolean => state === "silent" || state === "stopped";

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

function tableOf(feeds: readonly FeedHealth[]): string {
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
