import type { NatsConnection } from "nats";
import type { ApiRouter } from "../../api/router.ts";
import { askHub } from "../../eventing/ask-hub.ts";
import { openLeaseBucket } from "../../eventing/lease-bucket.ts";
import type { LeasesStatus } from "../../eventing/leases.ts";
import { showLeasesRoute } from "./route-definitions.ts";
import { leasesView } from "./views.ts";

export interface LeaseRoutesDeps {
  readonly nc: NatsConnection;
  readonly tenant: string;
  /** Undefined where this process shares no work. */
  readonly ownLeases: (() => LeasesStatus) | undefined;
}

export function mountLeases(router: ApiRouter, { nc, tenant, ownLeases }: LeaseRoutesDeps): void {
  router.openapi(showLeasesRoute, async (c) => {
    const entries = await askHub(nc, async () => (await openLeaseBucket(nc, tenant)).read());
    return c.json(leasesView(entries, ownLeases?.()), 200);
  });
}
