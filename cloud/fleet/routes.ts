import type { GatewayAddress } from "@clockleaf/shared/subjects.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { type GatewayRecord, gatewayRecordSchema } from "@clockleaf/shared/wire/gateway.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { guarded, guardOf } from "../api/guard.ts";
import { problem, refused } from "../api/problem.ts";
import {
  type ApiRouter,
  ifMatch,
  invalidResponse,
  jsonBody,
  jsonResponse,
  newRouter,
  notFoundResponse,
  pageOfList,
  pageQuerySchema,
  pageSchema,
  preconditionResponses,
  putMakes,
  refusalResponses,
  setEtag,
} from "../api/router.ts";
import { isRefusal } from "../eventing/decider.ts";
import { type CommandRoutesDeps, mountCommands } from "./commands/routes.ts";
import { register, revoke } from "./gateway-rules.ts";
import { gatewaySchema, gatewayView } from "./gateway-view.ts";
import type { Heartbeats } from "./heartbeats.ts";
import type { GatewayRegistry, Registered } from "./registry.ts";

const paramsSchema = z.object({ site: tokenSchema, gateway: tokenSchema });
const registrationSchema = gatewayRecordSchema
  .pick({ publicKey: true, name: true, zone: true })
  .strict()
  .meta({ id: "GatewayRegistration" });
const tags = ["fleet"];

const listRoute = createRoute({
  method: "get",
  path: "/gateways",
  operationId: "listGateways",
  ...guarded({ permission: "fleet.read", about: "each" }),
  summary: "All gateways: online or not, backlog, readers and their faults, watermark",
  tags,
  request: { query: pageQuerySchema.extend({ site: tokenSchema.optional() }) },
  responses: { 200: jsonResponse(pageSchema(gatewaySchema), "One page"), ...invalidResponse },
});

const showRoute = createRoute({
  method: "get",
  path: "/gateways/{site}/{gateway}",
  operationId: "showGateway",
  ...guarded({ permission: "fleet.read", about: "site" }),
  summary: "One gateway",
  tags,
  request: { params: paramsSchema },
  responses: {
    200: jsonResponse(gatewaySchema, "The gateway"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

const putRoute = createRoute({
  method: "put",
  path: "/gateways/{site}/{gateway}",
  operationId: "registerGateway",
  ...putMakes,
  ...guarded({ permission: "fleet.manage", about: "site" }),
  summary: "Register a gateway, or change its key, name or zone",
  description:
    "From then on the intake believes segments signed by this key, and no others. A gateway that exists needs `If-Match`, " +
    "unless nothing changes. A revoked gateway becomes active again with a new key only.",
  tags,
  request: { params: paramsSchema, body: jsonBody(registrationSchema) },
  responses: {
    200: jsonResponse(gatewaySchema, "Changed, or already so"),
    201: jsonResponse(gatewaySchema, "Registered"),
    ...refusalResponses,
    ...preconditionResponses,
  },
});

const revokeRoute = createRoute({
  method: "post",
  path: "/gateways/{site}/{gateway}/revoke",
  operationId: "revokeGateway",
  ...guarded({ permission: "fleet.manage", about: "site" }),
  summary: "Stop believing a gateway",
  description:
    "The intake refuses what is stored after this moment. The gateway can still log in to NATS until its key is taken " +
    "out of the hub's configuration, which this call does not do.",
  tags,
  request: { params: paramsSchema },
  responses: {
    200: jsonResponse(gatewaySchema, "Revoked, now or before"),
    ...notFoundResponse,
    ...invalidResponse,
    412: preconditionResponses[412],
  },
});

export interface FleetDeps extends CommandRoutesDeps {
  readonly registry: GatewayRegistry;
  readonly heartbeats: Heartbeats;
  readonly nowMs: () => number;
}

export function fleetRoutes(deps: FleetDeps): ApiRouter {
  const { registry, nowMs } = deps;
  const view = (found: Registered) =>
    gatewayView(found, deps.heartbeats.lastSeen(found.address), nowMs());
  const addressOf = (params: { site: string; gateway: string }): GatewayAddress => ({
    tenant: deps.tenant,
    site: params.site,
    gateway: params.gateway,
  });
  const router = newRouter();

  router.openapi(listRoute, async (c) => {
    const { cursor, limit, site } = c.req.valid("query");
    const rights = guardOf(c);
    const seesAll = rights.coversCompany();
    const views = (await registry.list())
      .filter(({ address }) => seesAll || rights.coversSite(address.site))
      .filter(({ address }) => site === undefined || address.site === site)
      .map(view);
    return c.json(pageOfList(c, views, { cursor, limit, keyOf: sortKey }), 200);
  });

  router.openapi(showRoute, async (c) => {
    const found = await registry.get(addressOf(c.req.valid("param")));
    if (found === undefined) return problem(c, { code: "command.not-found" });
    setEtag(c, found.revision);
    return c.json(view(found), 200);
  });

  router.openapi(putRoute, async (c) => {
    const address = addressOf(c.req.valid("param"));
    const asRead = c.req.header("if-match") === undefined ? undefined : ifMatch(c);
    const all = await registry.list();
    const current = await registry.get(address);
    const others = all.filter((other) => sortKey(other.address) !== sortKey(address));
    const wanted = { ...c.req.valid("json"), atMs: nowMs() };
    const record = register(current?.record, others, wanted);
    if (isRefusal(record)) return refused(c, record);
    if (current !== undefined && isSame(current.record, record)) {
      setEtag(c, current.revision);
      return c.json(view(current), 200);
    }
    // 0 for one that is not there yet; one that is must have been read.
    const expected = asRead ?? (current === undefined ? 0 : ifMatch(c));
    const revision = await registry.put(address, record, expected);
    setEtag(c, revision);
    const body = view({ address, record, revision });
    return current === undefined ? c.json(body, 201) : c.json(body, 200);
  });

  router.openapi(revokeRoute, async (c) => {
    const address = addressOf(c.req.valid("param"));
    const current = await registry.get(address);
    if (current === undefined) return problem(c, { code: "command.not-found" });
    const record = revoke(current.record, nowMs());
    const revision =
      record === current.record
        ? current.revision
        : await registry.put(address, record, current.revision);
    setEtag(c, revision);
    return c.json(view({ address, record, revision }), 200);
  });
  mountCommands(router, deps);
  return router;
}

const sortKey = ({ site, gateway }: Pick<GatewayAddress, "site" | "gateway">): string =>
  `${site}.${gateway}`;

function isSame(a: GatewayRecord, b: GatewayRecord): boolean {
  return (
    a.publicKey === b.publicKey && a.name === b.name && a.zone === b.zone && a.status === b.status
  );
}
