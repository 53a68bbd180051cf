import { createRoute, z } from "@hono/zod-openapi";
import { expect, test } from "vitest";
import { accessTo, type Caller } from "../../test/support/access.ts";
import { contextApi } from "../../test/support/context-api.ts";
import type { Grant } from "../identity/rights.ts";
import { guarded, guardOf, isGuard } from "./guard.ts";
import { openApiDocument } from "./openapi.ts";
import { type ApiRouter, newRouter } from "./router.ts";

const PEOPLE = [
  { employeeId: "mara", departmentId: "press", managerId: "boss", siteIds: ["plant-1"] },
  { employeeId: "otto", departmentId: "paint", managerId: null, siteIds: ["plant-2"] },
];
const common = { method: "get", responses: { 200: { description: "It" } } } as const;
const person = createRoute({
  ...common,
  ...guarded({ permission: "time.read", about: "person" }),
  path: "/people/{employeeId}",
  request: { params: z.object({ employeeId: z.string().max(8) }) },
});
const site = createRoute({
  ...common,
  ...guarded({ permission: "fleet.read", about: "site" }),
  path: "/sites/{site}",
});
const company = createRoute({
  ...common,
  ...guarded({ permission: "pay.read", about: "company" }),
  path: "/pay",
});
const list = createRoute({
  ...common,
  ...guarded({ permission: "time.read", about: "each" }),
  path: "/list",
});
const careless = createRoute({
  ...common,
  ...guarded({ permission: "time.read", about: "each" }),
  path: "/careless",
});

const router = newRouter();
for (const route of [person, site, company, careless]) router.openapi(route, (c) => c.text("it"));
router.openapi(list, async (c) => c.json(await guardOf(c).visible()));

let caller: Caller;
const api = contextApi(
  router,
  () => caller,
  accessTo(() => PEOPLE),
);
async function ask(path: string, grants: readonly Grant[], employeeId?: string) {
  caller = { name: "test", scopes: ["read"], roles: [], grants, employeeId };
  const response = await api.request(path);
  return { status: response.status, text: (await response.text()).replace(/"traceId":"\w+"/, "") };
}

test("without the permission anywhere it is forbidden, and says which it takes", async () => {
  const { status, text } = await ask("/people/mara", [{ role: "pay-approver", sites: ["x"] }]);
  expect(status).toBe(200); // bound to no place, whatever the grant says
  expect(text).toBe("it");
  const refused = await ask("/sites/plant-1", [{ role: "pay-approver" }]);
  expect(refused.status).toBe(403);
  expect(refused.text).toContain('needs the permission \\"fleet.read\\"');
});

test("out of reach is unknown, to the letter, whatever else is wrong with the request", async () => {
  const ofPlant1 = [{ role: "viewer", sites: ["plant-1"] }] as const;
  expect((await ask("/people/mara", ofPlant1)).status).toBe(200);
  const foreign = await ask("/people/otto", ofPlant1);
  expect(foreign.status).toBe(404);
  expect(await ask("/people/nobody", ofPlant1)).toEqual(foreign);
  expect(await ask("/people/much-too-long-an-id", ofPlant1)).toEqual(foreign);
  expect(await ask("/sites/plant-2", ofPlant1)).toEqual(await ask("/sites/nowhere", ofPlant1));
});

test("what is the company's takes the permission everywhere", async () => {
  expect((await ask("/pay", [{ role: "employee" }], "mara")).status).toBe(403);
  expect((await ask("/pay", [{ role: "auditor" }])).status).toBe(200);
});

test("a route that answers without having asked is stopped", async () => {
  expect((await ask("/list", [{ role: "viewer", everywhere: true }])).status).toBe(200);
  expect((await ask("/careless", [{ role: "viewer", everywhere: true }])).status).toBe(500);
});

const guardsOf = (made: ApiRouter): number =>
  made.routes.filter(({ handler }) => isGuard(handler)).length;

test("a guard that a later spread removed is noticed", () => {
  expect(guardsOf(newRouter().openapi(person, (c) => c.text("it")))).toBe(1);
  const bare = createRoute({ ...person, middleware: [async (_c, next) => next()] });
  expect(guardsOf(newRouter().openapi(bare, (c) => c.text("it")))).toBe(0);
});

test("the document says what a route takes, and what else it can answer for it", () => {
  const { paths, components } = openApiDocument(router);
  const operation = paths?.["/people/{employeeId}"]?.get;
  expect(operation).toMatchObject({
    "x-clockleaf-permission": { anyOf: ["time.read"], about: "person" },
    responses: { 403: {}, 404: {} },
  });
  // Failures that several routes share stand once.
  expect(JSON.stringify([operation?.responses, components?.responses])).toContain(
    "No permission `time.read` anywhere",
  );
});
