import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { changeSchema, entrySchema } from "../../cloud/audit/views.ts";
import { principalOf } from "../support/access.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { foundCompany, RUN, WRITER } from "../support/rights-company.ts";
import { openRightsWorld, type RightsWorld } from "../support/rights-world.ts";

type Change = z.output<typeof changeSchema>;
const entriesSchema = z.object({ items: z.array(entrySchema) });

const AUDITOR = principalOf({
  name: "eve",
  scopes: ["read"],
  roles: [],
  grants: [{ role: "auditor" }],
});
const HR = principalOf({
  name: "hilda",
  scopes: ["read", "write"],
  roles: [],
  grants: [{ role: "hr" }],
});
/** What hashes of keys and PINs look like. */
const HASH = /[0-9a-f]{64}/;

describe.skipIf(!available("nats-server", findNatsServer()))("what an event changed", () => {
  let world: RightsWorld;
  beforeAll(async () => {
    world = await openRightsWorld();
    await foundCompany(world);
  }, 120_000);
  afterAll(() => world?.[Symbol.asyncDispose]());

  async function ask(method: string, path: string, more: { body?: object; as?: typeof HR } = {}) {
    const headers = method === "PATCH" || method === "PUT" ? await currentOf(path) : {};
    const asked = { method, path, body: more.body, headers };
    const response = await world.call(more.as ?? WRITER, asked);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  }
  async function currentOf(path: string): Promise<Record<string, string>> {
    const response = await world.call(WRITER, { method: "GET", path });
    return { "if-match": response.headers.get("etag") ?? "" };
  }
  const auditor = (path: string) => world.call(AUDITOR, { method: "GET", path });

  /** The newest entry of a type, once there are so many. */
  async function newest(type: string, of: { aggregate?: string; atLeast?: number } = {}) {
    const { aggregate, atLeast = 1 } = of;
    const only = aggregate === undefined ? "" : `&aggregate=${aggregate}`;
    return await eventually(
      async () => {
        const response = await auditor(`/audit/entries?type=${type}${only}&limit=500`);
        const { items } = entriesSchema.parse(await response.json());
        return items.length >= atLeast ? items[0] : undefined;
      },
      { what: `${atLeast} entries of ${type}`, timeoutMs: 20_000 },
    );
  }
  async function changeOf(entry: number): Promise<Change> {
    const response = await auditor(`/audit/entries/${entry}/change`);
    const text = await response.text();
    expect([response.status, text.slice(0, 200)]).toEqual([200, expect.anything()]);
    expect(text).not.toMatch(HASH);
    return changeSchema.parse(JSON.parse(text));
  }

  test("of a person: the fields before and after, and who asked", async () => {
    await ask("PATCH", "/employees/ann", {
      body: { jobTitle: "Welder", siteIds: ["north", "south"] },
      as: HR,
    });
    const { entry } = await newest("employee.employee.updated", { aggregate: "ann" });
    const change = await changeOf(entry);
    expect(change).toMatchObject({
      actor: "hilda",
      aggregateId: "ann",
      aggregateKind: "person",
      isErased: false,
      before: { data: { jobTitle: "Fitter", siteIds: ["north"] } },
      after: { data: { jobTitle: "Welder", siteIds: ["north", "south"] } },
    });
    expect(change.changes).toEqual([
      { pointer: "/data/jobTitle", before: "Fitter", after: "Welder" },
      { pointer: "/data/siteIds/1", before: null, after: "south" },
    ]);
    const created = await changeOf(
      (await newest("employee.employee.created", { aggregate: "ann" })).entry,
    );
    expect(created).toMatchObject({
      actor: "setup",
      before: null,
      after: { data: { jobTitle: "Fitter" } },
    });
  });

  test("an earlier entry tells the state of then, whatever came later", async () => {
    const { entry } = await newest("employee.employee.updated", { aggregate: "ann" });
    const before = await changeOf(entry);
    await ask("PATCH", "/employees/ann", { body: { jobTitle: "Foreman" }, as: HR });
    const later = await newest("employee.employee.updated", { aggregate: "ann", atLeast: 2 });
    expect((await changeOf(later.entry)).changes).toEqual([
      { pointer: "/data/jobTitle", before: "Welder", after: "Foreman" },
    ]);
    expect(await changeOf(entry)).toEqual(before);
  });

  test("of a suspension: the state, and the reason that the state does not keep", async () => {
    await ask("POST", "/employees/cid/suspend", { body: { reason: "no permit" }, as: HR });
    const { entry } = await newest("employee.employee.suspended", { aggregate: "cid" });
    expect(await changeOf(entry)).toMatchObject({
      actor: "hilda",
      says: { reason: "no permit" },
      changes: [
        { pointer: "/data/status", before: "active", after: "suspended" },
        { pointer: "/isBarred", before: false, after: true },
      ],
    });
  });

  test("of a badge with a PIN and of a key: that the secret is another one, and never the secret", async () => {
    await ask("POST", "/employees/ann/badges", { body: { badge: "number-7", pin: "4711" } });
    const given = await changeOf(
      (await newest("employee.badge.assigned", { aggregate: "number-7" })).entry,
    );
    expect(given.after).toMatchObject({
      periods: [{ employeeId: "ann", pin: `secret of ${given.eventId}` }],
    });

    const { apiKey } = z
      .object({ apiKey: z.object({ keyId: z.string() }) })
      .parse(await ask("POST", "/api-keys", { body: { name: "till", scopes: ["read"] } }));
    await ask("POST", `/api-keys/${apiKey.keyId}/rotate`, { body: {} });
    const issued = await newest("identity.key.issued", { atLeast: 2 });
    const rotated = await changeOf((await newest("identity.key.rotated")).entry);
    expect(rotated).toMatchObject({
      actor: "setup",
      before: { name: "till", sha256: `secret of ${issued.eventId}` },
      after: { name: "till", sha256: `secret of ${rotated.eventId}` },
    });
  });

  test("of leave, approvals and pay", async () => {
    const leave = await changeOf((await newest("leave.leave.requested")).entry);
    expect(leave).toMatchObject({ aggregateKind: "leave-account", before: { leave: null } });
    expect(leave.after).toMatchObject({ leave: { status: "requested" } });
    const { leaveId } = await ask("POST", "/leave", {
      body: { employeeId: "dot", policy: "sick", fromOn: "2027-06-01", toOn: "2027-06-02" },
    });
    await newest("leave.leave.approved", { aggregate: "dot" });
    await ask("POST", `/leave/${String(leaveId)}/cancel`, {
      body: { reason: "well again" },
      as: HR,
    });
    const cancelled = await changeOf(
      (await newest("leave.leave.cancelled", { aggregate: "dot" })).entry,
    );
    expect(cancelled).toMatchObject({
      actor: "hilda",
      before: { leave: { status: "approved" } },
      after: { leave: { status: "cancelled", lastOn: null } },
    });

    const locked = await changeOf(
      (await newest("payroll.period.locked", { aggregate: RUN })).entry,
    );
    expect(locked.changes).toEqual([{ pointer: "/status", before: "open", after: "locked" }]);
    await ask("POST", "/payroll/runs", {
      body: { payGroup: "monthly", period: "2026-11" },
      as: WRITER,
    });
    const opened = await changeOf((await newest("payroll.run.opened", { atLeast: 2 })).entry);
    expect(opened).toMatchObject({
      actor: "setup",
      before: null,
      after: { status: "open", involved: ["setup"] },
    });
  });

  test("of somebody's time: the day as it was and as it is, the fact, and an alarm that stands alone", async () => {
    const day = await changeOf(
      (await newest("attendance.workday.calculated", { aggregate: "mgr" })).entry,
    );
    expect(day.aggregateKind).toBe("clock");
    expect(day.after).toMatchObject({ revision: expect.any(Number), workday: {} });
    const punch = await changeOf(
      (await newest("attendance.clock.recorded", { aggregate: "mgr" })).entry,
    );
    expect(punch).toMatchObject({ before: null, after: { kind: "punch", punchId: "punch-own" } });
    const alarm = await changeOf((await newest("attendance.gateway.alarmed")).entry);
    expect(alarm).toMatchObject({ before: null, aggregateKind: "gateway-alarm" });
    expect(alarm.after).toEqual(alarm.says);
  });

  test("of a command to a gateway: who gave it, and what came of it", async () => {
    const body = { verb: "locate", reader: "door" };
    const path = "/gateways/north/gw-own/commands";
    expect((await world.call(WRITER, { method: "POST", path, body })).status).toBe(503);
    const { entry, aggregateId } = await newest("fleet.command.ended");
    expect(await changeOf(entry)).toMatchObject({
      actor: "setup",
      aggregateKind: "gateway-command",
      before: { commanded: { ...body, gateway: "gw-own", by: "setup" }, ended: null },
      after: { ended: { outcome: "not-connected" } },
    });
    const given = await newest("fleet.gateway.commanded", { aggregate: aggregateId });
    expect(await changeOf(given.entry)).toMatchObject({ actor: "setup", before: null });
  });

  test("after an erasure: what an erasure leaves, and that it is one", async () => {
    const { entry } = await newest("employee.employee.created", { aggregate: "boss" });
    expect(await changeOf(entry)).toMatchObject({
      isErased: false,
      after: { data: { firstName: "Ada" } },
    });
    await ask("POST", "/employees/boss/erase", {
      body: { reason: "asked", force: true },
    });
    const erased = await eventually(async () => {
      const change = await changeOf(entry);
      return change.isErased ? change : undefined;
    });
    expect(erased.after).toMatchObject({
      data: { firstName: "Erased", email: "erased@erased.invalid", departmentId: "paint" },
    });
    expect(JSON.stringify(erased)).not.toContain("Ada");
  });

  test("is for who may read the log, and of an unknown entry there is nothing", async () => {
    const path = "/audit/entries/1/change";
    expect((await world.call(HR, { method: "GET", path })).status).toBe(403);
    expect((await auditor("/audit/entries/99999999/change")).status).toBe(404);
  });
});
