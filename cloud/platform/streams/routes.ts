import { type ConsumerInfo, type JetStreamManager, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { problem } from "../../api/problem.ts";
import { type ApiRouter, pageOfList } from "../../api/router.ts";
import { askHub } from "../../eventing/ask-hub.ts";
import { listStreamsRoute, showStreamRoute } from "./route-definitions.ts";
import { kindOf, type StreamView, streamView } from "./views.ts";

export interface StreamRoutesDeps {
  readonly nc: NatsConnection;
  /** Those of the platform; whatever else lies on the hub is not ours to show. */
  readonly streams: readonly string[];
}

export function mountStreams(router: ApiRouter, { nc, streams }: StreamRoutesDeps): void {
  const named = (): string[] => streams.toSorted();
  router.openapi(listStreamsRoute, async (c) => {
    const { cursor, limit, kind } = c.req.valid("query");
    const wanted = named().filter((name) => kind === undefined || kindOf(name) === kind);
    const paged = pageOfList(c, wanted, { cursor, limit, keyOf: (name) => name });
    const items = await askHub(nc, async () => {
      const jsm = await jetstreamManager(nc, { checkAPI: false });
      return await Promise.all(paged.items.map((name) => look(jsm, name)));
    });
    return c.json({ ...paged, items }, 200);
  });
  router.openapi(showStreamRoute, async (c) => {
    const name = named().find((each) => each === c.req.valid("param").stream);
    if (name === undefined) return problem(c, { code: "command.not-found" });
    const view = await askHub(nc, async () => {
      return await look(await jetstreamManager(nc, { checkAPI: false }), name);
    });
    return c.json(view, 200);
  });
}

async function look(jsm: JetStreamManager, name: string): Promise<StreamView> {
  const info = await jsm.streams.info(name);
  const consumers: ConsumerInfo[] = [];
  for await (const consumer of jsm.consumers.list(name)) consumers.push(consumer);
  return streamView(
    info,
    consumers.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  );
}
