import type { NatsConnection } from "nats";
import { type ApiRouter, pageOfList } from "../../api/router.ts";
import { healthOf } from "../../bridges/feed-health.ts";
import { readStatuses } from "../../bridges/status-board.ts";
import { askHub } from "../../eventing/ask-hub.ts";
import { listBridgesRoute } from "./route-definitions.ts";
import { feedView } from "./views.ts";

export interface BridgeRoutesDeps {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly nowMs: () => number;
}

export function mountBridges(router: ApiRouter, { nc, tenant, nowMs }: BridgeRoutesDeps): void {
  router.openapi(listBridgesRoute, async (c) => {
    const { cursor, limit, destination, isWell } = c.req.valid("query");
    const feeds = (await askHub(nc, () => readStatuses(nc, tenant)))
      .map((feed) => feedView(healthOf(feed, nowMs())))
      .filter((feed) => destination === undefined || feed.destination === destination)
      .filter((feed) => isWell === undefined || String(feed.isWell) === isWell);
    const keyOf = (feed: (typeof feeds)[number]): string => `${feed.destination} ${feed.feed}`;
    return c.json(pageOfList(c, feeds, { cursor, limit, keyOf }), 200);
  });
}
