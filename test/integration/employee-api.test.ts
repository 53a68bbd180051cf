import { randomUUID } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { verifyPin } from "@clockleaf/shared/lib/pin-hash.ts";
import { BUCKETS, directoryKey } from "@clockleaf/shared/subjects.ts";
import { decode } from "@clockleaf/shared/wire/codec.ts";
import { type DirectoryEntry, directoryEntrySchema } from "@clockleaf/shared/wire/directory.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApiRouter } from "../../cloud/api/router.ts";
import type { EmployeeContext } from "../../cloud/employee/employee.ts";
import type { EmployeeView } from "../../cloud/employee/views.ts";
import { connectionGate } from "../../cloud/eventing/connection-gate.ts";
import { restartReaction } from "../../cloud/eventing/reaction.ts";
import { createMemoryVault } from "../../cloud/eventing/vault.ts";
import { applyTestTopology, type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { whenWorkedOff } from "../support/consumers.ts";
import { type EmployeeProcess, startEmployeeProcess } from "../support/employee-process.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { type Places, presentStores, startPlaces } from "../support/read-model-place.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const TENANT = "acme";
const NOW = Date.parse("2026-11-24T08:00:00Z");
const newBadge = (): string => `number-${randomUUID()}`;
const newPerson = (more: object = {}) => ({
  employeeId: `e-${randomUUID()}`,
  email: "ada@example.org",
  firstName: "Ada",
  lastName: "Example",
  departmentId: "assembly",
  jobTitle: "Fitter",
  startDate: "2026-01-01",
  employmentType: "full-time",
  siteIds: ["hq"],
  ...more,
});

/** Where the hub keeps a stream. */
function streamFolder(cloud: CloudHub, stream: string): string {
  const root = join(cloud.site.dir, "hub", "jetstream");
  const folder = readdirSync(root, { recursive: true, encoding: "utf8" }).find((path) =>
    path.endsWith(join("streams", stream)),
  );
  if (folder === undefined) throw new Error(`no ${stream} below ${root}`);
  return join(root, folder);
}

const hasHub = available("nats-server", findNatsServer());

describe.skipIf(!hasHub).each(presentStores())(
  "people and badges (rows in $store)",
  ({ store }) => {
    let cloud: CloudHub;
    let dir: TempDir;
    let places: Places;
    let context: EmployeeContext;
    let api: ApiRouter;
    let directory: KV;
    /** What one cloud process has of this context; each has its own folder. */
    const vault = createMemoryVault();
    const startProcess = (folder: string): Promise<EmployeeProcess> => {
      const dataDir = store === "SQLite" ? join(dir.path, folder) : places.open(places.fresh());
      return startEmployeeProcess({ nc: cloud.nc, dataDir, vault, nowMs: () => NOW });
    };
    beforeAll(async () => {
      cloud = await startCloudHub("cloud-consumers");
      dir = tempDir("employee");
      places = await startPlaces(store);
      ({ context, api } = await startProcess("first"));
      directory = await new Kvm(cloud.nc).open(BUCKETS.directory);
    });
    afterAll(async () => {
      await context.close();
      await places[Symbol.asyncDispose]();
      await cloud[Symbol.asyncDispose]();
      dir.remove();
    });

    interface Answer {
      readonly status: number;
      readonly etag: string | null;
      readonly body: EmployeeView & { code?: string };
    }
    const call = async (
      method: string,
      path: string,
      sent: { body?: object; headers?: Record<string, string> } = {},
    ): Promise<Answer> => {
      const response = await api.request(path, {
        method,
        headers: { "content-type": "application/json", ...sent.headers },
        ...(sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }),
      });
      const body = (await response.json()) as Answer["body"];
      return { status: response.status, etag: response.headers.get("etag"), body };
    };
    const post = (path: string, body: object): Promise<Answer> => call("POST", path, { body });
    const create = async (more: object = {}): Promise<string> => {
      const { status, body } = await post("/employees", newPerson(more));
      expect(status).toBe(201);
      return body.employeeId;
    };
    const entryAt = async (site: string, badge: string): Promise<DirectoryEntry | undefined> => {
      const entry = await directory.get(directoryKey(TENANT, site, badge));
      if (entry?.operation !== "PUT") return undefined;
      return decode(entry.value, directoryEntrySchema, { what: "entry" });
    };
    /** Waits until the directory has worked through everything said so far. */
    const directoryIsCurrent = async (): Promise<void> => {
      await whenWorkedOff(cloud.nc, "EMPLOYEE", "employee-directory");
    };

    test("a person is created once, read back at once, and changed only by who has read them", async () => {
      const person = newPerson();
      const created = await post("/employees", person);
      expect(created).toMatchObject({
        status: 201,
        body: { ...person, managerId: null, status: "active", badges: [] },
      });
      expect(await post("/employees", person)).toMatchObject({ status: 200, etag: created.etag });
      expect(await post("/employees", { ...person, jobTitle: "Other" })).toMatchObject({
        status: 409,
        body: { code: "employee.already-exists" },
      });

      const path = `/employees/${person.employeeId}`;
      const read = await call("GET", path);
      expect(read).toEqual({ ...created, status: 200 });
      const body = { jobTitle: "Welder" };
      expect(await call("PATCH", path, { body })).toMatchObject({ status: 428 });
      const changed = await call("PATCH", path, { body, headers: { "if-match": read.etag ?? "" } });
      expect(changed).toMatchObject({
        status: 200,
        body: { jobTitle: "Welder", email: person.email },
      });
      expect(changed.etag).not.toBe(read.etag);
      expect(await call("GET", path)).toEqual(changed);
      const late = { body: { jobTitle: "Foreman" }, headers: { "if-match": read.etag ?? "" } };
      expect(await call("PATCH", path, late)).toMatchObject({ status: 412 });
      expect(await call("PATCH", "/employees/nobody", late)).toMatchObject({ status: 404 });
      expect(await call("GET", "/employees/nobody")).toMatchObject({ status: 404 });
    });

    test("of two who change a person at once, one is told to read again", async () => {
      const id = await create();
      const { etag } = await call("GET", `/employees/${id}`);
      const answers = await Promise.all(
        ["A", "B", "C"].map((jobTitle) =>
          call("PATCH", `/employees/${id}`, {
            body: { jobTitle },
            headers: { "if-match": etag ?? "" },
          }),
        ),
      );
      expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([
        200, 412, 412,
      ]);
    });

    test("what does not fit the schema is refused field by field", async () => {
      const bad = await post("/employees", { ...newPerson({ siteIds: [] }), salary: 1 });
      expect(bad.status).toBe(422);
      const pin = await post(`/employees/${await create()}/badges`, {
        badge: newBadge(),
        pin: "12ab",
      });
      expect(pin.status).toBe(422);
    });

    test("people are listed by name, page by page, and found by words, site and status", async () => {
      const mark = `m${randomUUID().slice(0, 8)}`;
      const names = ["Zoe Adams", "Ann Baker", "Bob Baker", "Cy Clark", "Di%_ Clark"];
      for (const name of names) {
        const [firstName, lastName] = name.split(" ");
        await create({ firstName, lastName, email: `${mark}@example.org`, siteIds: ["hq", mark] });
      }
      const list = async (query: string): Promise<{ found: string[]; next: string | null }> => {
        const response = await api.request(`/employees?${query}`);
        const { items, next } = (await response.json()) as {
          items: EmployeeView[];
          next: string | null;
        };
        return { found: items.map((each) => `${each.firstName} ${each.lastName}`), next };
      };
      const seen: string[] = [];
      let cursor = "";
      for (let pages = 0; pages < 3; pages += 1) {
        const { found, next } = await list(`site=${mark}&limit=2${cursor}`);
        seen.push(...found);
        cursor = `&cursor=${next}`;
        expect(next === null).toBe(pages === 2);
      }
      expect(seen).toEqual(names);
      expect((await list(`search=baker+${mark}`)).found).toEqual(["Ann Baker", "Bob Baker"]);
      expect((await list(`search=%25_+${mark}`)).found).toEqual(["Di%_ Clark"]);
      expect((await list(`site=${mark}&status=inactive`)).found).toEqual([]);
      expect((await api.request("/employees?cursor=nonsense")).status).toBe(422);
    });

    test("a badge asked for by many at once goes to exactly one of them", async () => {
      const badge = newBadge();
      const ids = await Promise.all(Array.from({ length: 8 }, () => create()));
      // Two processes: what is kept apart within one would hide a missing guard.
      const second = await startProcess("second");
      const answers = await Promise.all(
        ids.map(async (id, n) => {
          const router = n % 2 === 0 ? api : second.api;
          return await router.request(`/employees/${id}/badges`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ badge }),
          });
        }),
      );
      await second.context.close();
      expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
      expect(answers.filter((answer) => answer.status === 409)).toHaveLength(7);
    });

    test("readers of a person's sites, and no others, learn the badge, its PIN hash and its holder", async () => {
      const id = await create({
        siteIds: ["hq", "plant"],
        firstName: "Bartholomew-Jean",
        lastName: "X",
      });
      const badge = newBadge();
      const given = await post(`/employees/${id}/badges`, {
        badge,
        pin: "4711",
        validFrom: "2026-11-20T06:00:00+01:00",
      });
      expect(given).toMatchObject({
        status: 201,
        body: {
          badges: [{ badge, validFrom: "2026-11-20T05:00:00.000Z", validTo: null, hasPin: true }],
        },
      });
      expect(JSON.stringify(given.body)).not.toMatch(/4711|salt/);
      await directoryIsCurrent();
      const entry = await entryAt("hq", badge);
      expect(entry).toMatchObject({
        employeeId: id,
        greeting: "Bartholomew-Jean",
        state: "valid",
        validFromMs: Date.parse("2026-11-20T05:00:00Z"),
      });
      expect(await verifyPin("4711", entry?.pin ?? { salt: "", hash: "" })).toBe(true);
      expect(await entryAt("plant", badge)).toEqual(entry);
      expect(await entryAt("elsewhere", badge)).toBeUndefined();
    });

    test("the directory follows a person to other sites, out of the company and back", async () => {
      const id = await create({ siteIds: ["hq", "plant"] });
      const badge = newBadge();
      await post(`/employees/${id}/badges`, { badge });
      const patch = async (body: object): Promise<void> => {
        const { etag } = await call("GET", `/employees/${id}`);
        const answer = await call("PATCH", `/employees/${id}`, {
          body,
          headers: { "if-match": etag ?? "" },
        });
        expect(answer.status).toBe(200);
        await directoryIsCurrent();
      };
      await patch({ siteIds: ["plant", "depot"] });
      expect(await entryAt("hq", badge)).toBeUndefined();
      expect(await entryAt("plant", badge)).toMatchObject({ state: "valid" });
      expect(await entryAt("depot", badge)).toMatchObject({ state: "valid", greeting: "Ada E." });

      expect(await post(`/employees/${id}/deactivate`, { reason: "retired" })).toMatchObject({
        status: 200,
        body: { status: "inactive" },
      });
      await directoryIsCurrent();
      expect(await entryAt("plant", badge)).toMatchObject({ state: "withdrawn", pin: null });
      expect(await post(`/employees/${id}/badges`, { badge: newBadge() })).toMatchObject({
        status: 409,
        body: { code: "employee.not-active" },
      });
      await patch({ status: "active" });
      expect(await entryAt("plant", badge)).toMatchObject({ state: "valid" });
    });

    test("a withdrawn badge is refused by name until it is somebody else's", async () => {
      const [one, two] = [await create({ siteIds: ["hq"] }), await create({ siteIds: ["plant"] })];
      const badge = newBadge();
      await post(`/employees/${one}/badges`, { badge, validFrom: "2026-11-01T00:00:00Z" });
      const withdrawal = { reason: "lost", validTo: "2026-11-10T00:00:00Z" };
      const withdrawn = await post(`/employees/${one}/badges/${badge}/withdraw`, withdrawal);
      expect(withdrawn).toMatchObject({
        status: 200,
        body: { badges: [{ badge, validTo: "2026-11-10T00:00:00.000Z" }] },
      });
      await directoryIsCurrent();
      expect(await entryAt("hq", badge)).toMatchObject({ employeeId: one, state: "withdrawn" });

      const early = { badge, validFrom: "2026-11-09T23:59:59Z" };
      expect(await post(`/employees/${two}/badges`, early)).toMatchObject({
        status: 409,
        body: { code: "badge.held-by-another" },
      });
      const onTime = { badge, validFrom: "2026-11-10T00:00:00Z" };
      expect(await post(`/employees/${two}/badges`, onTime)).toMatchObject({ status: 201 });
      await directoryIsCurrent();
      expect(await entryAt("hq", badge)).toBeUndefined();
      expect(await entryAt("plant", badge)).toMatchObject({ employeeId: two, state: "valid" });
      // The first one's answer was lost, say: asking again harms nobody.
      await post(`/employees/${one}/badges/${badge}/withdraw`, { reason: "lost" });
      await directoryIsCurrent();
      expect(await entryAt("plant", badge)).toMatchObject({ employeeId: two, state: "valid" });
      expect(
        await post(`/employees/${one}/badges/${newBadge()}/withdraw`, { reason: "lost" }),
      ).toMatchObject({ status: 404, body: { code: "badge.not-found" } });
    });

    test("a card is entered by what is printed on it, and shown with that", async () => {
      const id = await create();
      const number = Math.floor(Math.random() * 65_536);
      const printed = { format: "H10306", facility: 18_838, number };
      const given = await post(`/employees/${id}/badges`, { badge: printed });
      expect(given).toMatchObject({
        status: 201,
        body: { badges: [{ badge: expect.stringMatching(/^card-34-[0-9a-f]{10}$/) }] },
      });
      const { items } = (await call("GET", `/badges?employeeId=${id}`)).body as unknown as {
        items: readonly { badge: string }[];
      };
      expect(items).toMatchObject([{ employeeId: id, printed: [printed] }]);
      const again = await post(`/employees/${await create()}/badges`, { badge: items[0]?.badge });
      expect(again).toMatchObject({ body: { code: "badge.held-by-another" } });
      const beyond = { format: "H10301", facility: 256, number: 1 };
      expect(await post(`/employees/${id}/badges`, { badge: beyond })).toMatchObject({
        status: 422,
      });
      const unknown = { format: "H99999", facility: 1, number: 1 };
      expect(await post(`/employees/${id}/badges`, { badge: unknown })).toMatchObject({
        status: 422,
      });
    });

    test("a badge is found by its key, with who holds it and who held it before", async () => {
      const [one, two] = [await create(), await create()];
      const badge = newBadge();
      await post(`/employees/${one}/badges`, { badge, validFrom: "2026-11-01T00:00:00Z" });
      const withdrawal = { validTo: "2026-11-10T00:00:00Z", reason: "changed hands" };
      await post(`/employees/${one}/badges/${badge}/withdraw`, withdrawal);
      expect((await call("GET", `/badges/${badge}`)).body).toMatchObject({ employeeId: null });
      await post(`/employees/${two}/badges`, { badge, pin: "123456" });
      const found = await call("GET", `/badges/${badge}`);
      expect(found.body).toMatchObject({
        badge,
        employeeId: two,
        holdings: [
          { employeeId: one, validTo: "2026-11-10T00:00:00.000Z", hasPin: false },
          { employeeId: two, validTo: null, hasPin: true },
        ],
      });
      expect(JSON.stringify(found.body)).not.toMatch(/salt|hash/);
      const list = async (query: string): Promise<object[]> =>
        ((await call("GET", `/badges?${query}`)).body as unknown as { items: object[] }).items;
      expect(await list(`search=${badge}`)).toMatchObject([{ employeeId: two }]);
      expect(await list(`search=${badge}&state=all`)).toHaveLength(2);
      expect(await list(`employeeId=${one}`)).toEqual([]);
      expect(await list(`employeeId=${one}&state=returned`)).toHaveLength(1);
      const { body } = await call("GET", `/badges?search=${badge}&state=all&limit=1`);
      const { next } = body as unknown as { next: string };
      expect(await list(`search=${badge}&state=all&limit=1&cursor=${next}`)).toMatchObject([
        { employeeId: two },
      ]);
      expect((await call("GET", "/badges/number-nobodys")).status).toBe(404);
      expect((await call("GET", "/badges/no.key")).status).toBe(422);
    });

    test("reading the whole stream again leaves every directory entry as it is", async () => {
      const id = await create({ siteIds: ["hq"] });
      await post(`/employees/${id}/badges`, { badge: newBadge(), pin: "123456" });
      await directoryIsCurrent();
      const jsm = await jetstreamManager(cloud.nc, { checkAPI: false });
      const before = (await jsm.streams.info("KV_directory")).state.last_seq;
      await context.close();
      await restartReaction(
        { nc: cloud.nc, tenant: TENANT, context: "employee" },
        { name: "directory", domain: "employee" },
      );
      ({ context, api } = await startProcess("again"));
      const total = (await jsm.streams.info("EMPLOYEE")).state.messages;
      await eventually(() => context.consumers[0]?.stats().handledTotal === total);
      expect((await jsm.streams.info("KV_directory")).state.last_seq).toBe(before);
    });

    test("a directory that was lost is filled again at the next start", async ({ skip }) => {
      skip(cloud.site.hubs.length > 1, "one disk of several loses nothing");
      const before = await api.request("/employees?limit=500");
      const { items } = (await before.json()) as { items: EmployeeView[] };
      const holder = items.find(
        (each) => each.status === "active" && each.badges[0]?.validTo === null,
      );
      const { site, badge } = {
        site: holder?.siteIds[0] ?? "",
        badge: holder?.badges[0]?.badge ?? "",
      };
      expect(await entryAt(site, badge)).toMatchObject({ state: "valid" });
      await context.close();
      // An orderly stop: the consumer's own place must survive, or reading again would need no help.
      await cloud.site.hub.stop();
      rmSync(streamFolder(cloud, "KV_directory"), { recursive: true });
      await cloud.site.hub.start();
      await eventually(() => connectionGate(cloud.nc).isConnected);
      await applyTestTopology(cloud.site);
      expect(await entryAt(site, badge)).toBeUndefined();
      ({ context, api } = await startProcess("filling"));
      await eventually(async () => (await entryAt(site, badge))?.state === "valid");
    });
  },
);
