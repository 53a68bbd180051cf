import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { BUCKETS, directoryKey, personKey } from "@clockleaf/shared/subjects.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Cause } from "../../cloud/eventing/event-store.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { restartReaction } from "../../cloud/eventing/reaction.ts";
import { type KvVault, openKvVault } from "../../cloud/vault/kv-vault.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import {
  type EmployeeAnswer,
  type EmployeeProcess,
  startEmployeeProcess,
} from "../support/employee-process.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { person } from "../support/people.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const TENANT = "acme";
const NOW = Date.parse("2026-11-24T08:00:00Z");
/** What must be found nowhere. None of it occurs by chance. */
const SECRETS = {
  email: "zephyrine.quillfeather@example.org",
  firstName: "Zephyrine",
  lastName: "Quillfeather",
  jobTitle: "Glockenspielbauer",
  phone: "+49151123456789",
};
const cause = (): Cause => ({
  source: "test",
  atMs: NOW,
  correlationId: "c",
  causationId: "request-test",
  traceparent: undefined,
});

describe.skipIf(!available("nats-server", findNatsServer()))("the erasure of a person", () => {
  let cloud: CloudHub;
  let dir: TempDir;
  let working: EmployeeProcess;
  let serving: EmployeeProcess;
  const closing: Array<() => Promise<void>> = [];

  const openVault = async (): Promise<KvVault> => {
    const nc = await cloud.site.connectCloud("cloud-all");
    const masterKeyFile = join(dir.path, "master.key");
    const vault = await openKvVault({ nc, masterKeyFile, nowMs: () => NOW, log: silentLog() });
    closing.push(() => vault.close());
    return vault;
  };
  const startProcess = async (folder: string, isWorking: boolean): Promise<EmployeeProcess> => {
    const nc = await cloud.site.connectCloud("cloud-all");
    const vault = await openVault();
    const at = { nc, dataDir: join(dir.path, folder), vault, nowMs: () => NOW, isWorking };
    const started = await startEmployeeProcess(at);
    closing.push(() => started.close());
    return started;
  };
  beforeAll(async () => {
    cloud = await startCloudHub();
    dir = tempDir("erasure");
    working = await startProcess("working", true);
    serving = await startProcess("serving", false);
  });
  afterAll(async () => {
    for (const close of closing.toReversed()) await close();
    await cloud[Symbol.asyncDispose]();
    dir.remove();
  });

  const post = (path: string, body: object, scope = "admin"): Promise<EmployeeAnswer> =>
    serving.call("POST", path, { body, headers: { "x-scope": scope } });
  const enter = async (employeeId: string, more: object = SECRETS): Promise<void> => {
    const { status: _, managerId: __, ...somebody } = person(employeeId);
    expect((await post("/employees", { ...somebody, ...more })).status).toBe(201);
    const badge = { badge: `number-${employeeId}`, pin: "4711" };
    expect((await post(`/employees/${employeeId}/badges`, badge)).status).toBe(201);
  };
  const settled = async (): Promise<void> => {
    await working.settled();
    await serving.settled();
  };
  const rowsIn = (folder: string): Record<string, unknown[]> => {
    const file = join(dir.path, folder, "employees.sqlite");
    const database = new DatabaseSync(file, { readOnly: true });
    const tables = database
      .prepare("select name from sqlite_schema where type = 'table' order by name")
      .all()
      .map(({ name }) => String(name));
    const rows = tables.map((name) => {
      const all = database.prepare(`select * from "${name}"`).all();
      return [name, all.map((row) => JSON.stringify(row)).toSorted()] as const;
    });
    database.close();
    return Object.fromEntries(rows);
  };

  test("is for admins, and for people who have left unless forced", async () => {
    await enter("still-here", {});
    const body = { reason: "asked for" };
    expect(await post("/employees/still-here/erase", body, "write")).toMatchObject({ status: 403 });
    expect(await post("/employees/still-here/erase", body)).toMatchObject({
      status: 409,
      body: { code: "employee.still-employed" },
    });
    expect(await post("/employees/nobody/erase", body)).toMatchObject({ status: 404 });
    expect(await post("/employees/still-here/erase", { ...body, force: true })).toMatchObject({
      status: 200,
      body: { status: "inactive", isErased: true, firstName: "Erased" },
    });
  });

  test("leaves nothing of them anywhere but ciphertext that nobody can open", async () => {
    await enter("stays", { lastName: "Steadfast" });
    await enter("zoe");
    await post("/employees/zoe/suspend", { reason: `${SECRETS.lastName} took the petty cash` });
    await post("/employees/zoe/deactivate", { reason: "left" });
    await settled();
    // What is looked for can be found where it is: in read models, and with its initial at the readers.
    expect(filesWith(dir.path, SECRETS.lastName)).not.toEqual([]);
    expect(await messagesWith(cloud, SECRETS.firstName)).toEqual(["KV_directory"]);
    expect(await messagesWith(cloud, SECRETS.lastName)).toEqual([]);
    expect(filesWith(cloud.site.dir, "number-zoe", ".blk")).not.toEqual([]);

    const erased = await post("/employees/zoe/erase", { reason: "asked for it" });
    expect(erased).toMatchObject({
      status: 200,
      body: { isErased: true, lastName: "Person", email: "erased@erased.invalid", phone: null },
    });
    await settled();
    for (const secret of Object.values(SECRETS)) {
      expect(await messagesWith(cloud, secret)).toEqual([]);
      expect(filesWith(dir.path, secret)).toEqual([]);
    }
    // Not even in what the hub has not compacted yet, but for the greeting the readers had.
    const { firstName: _, ...neverInTheClear } = SECRETS;
    for (const secret of Object.values(neverInTheClear)) {
      expect(filesWith(cloud.site.dir, secret, ".blk")).toEqual([]);
    }
    const directory = await new Kvm(cloud.nc).open(BUCKETS.directory);
    expect((await directory.get(directoryKey(TENANT, "hq", "number-zoe")))?.operation).toBe("DEL");
    expect((await directory.get(directoryKey(TENANT, "hq", "number-stays")))?.operation).toBe(
      "PUT",
    );

    for (const process of [working, serving]) {
      const shown = await process.call("GET", "/employees/zoe");
      expect(shown.body).toMatchObject({ isErased: true, firstName: "Erased", jobTitle: "Erased" });
      expect(shown.body.badges).toMatchObject([{ badge: "number-zoe", hasPin: false }]);
      expect(shown.body.badges[0]?.validTo).not.toBeNull();
      for (const words of ["quillfeather", "erased", "zephyrine"]) {
        const found = await process.call("GET", `/employees?search=${words}`);
        expect(found.body).toMatchObject({ items: [] });
      }
      const stays = await process.call("GET", "/employees/stays");
      expect(stays.body).toMatchObject({ lastName: "Steadfast", status: "active" });
      expect((await process.context.routes.commands.people.state("zoe")).state).toMatchObject({
        data: { lastName: "Person" },
      });
    }
    expect(await post("/employees/zoe/erase", { reason: "again" })).toMatchObject({ status: 200 });
    expect(await post("/employees/zoe/activate", {})).toMatchObject({
      status: 409,
      body: { code: "employee.erased" },
    });
    expect(await post("/employees/zoe/badges", { badge: "number-new" })).toMatchObject({
      status: 409,
      body: { code: "employee.not-active" },
    });
  });

  test("read models are row by row what is built anew without the key", async () => {
    await settled();
    const rebuilt = await startProcess("rebuilt", false);
    await rebuilt.settled();
    const rows = rowsIn("rebuilt");
    expect(rows["employees"]?.length).toBeGreaterThan(2);
    expect(rowsIn("working")).toEqual(rows);
    expect(rowsIn("serving")).toEqual(rows);
  });

  test("is brought to its end by another process if the one that began it died", async () => {
    await enter("half");
    await settled();
    const { people } = serving.context.routes.commands;
    await people.handle(
      "half",
      { type: "erase", requestedBy: "hr", reason: "r", isForced: true, at: NOW },
      cause(),
    );
    const vault = await openVault();
    await eventually(
      async () =>
        await vault.seal({ tenant: TENANT, personId: "half" }, new Uint8Array()).then(
          () => false,
          () => true,
        ),
      { what: "the key is destroyed" },
    );
    await settled();
    const { body } = await serving.call("GET", "/employees/half");
    expect(body.badges.every(({ validTo }) => validTo !== null)).toBe(true);
  });

  test("holds over a restored backup of the keys once EMPLOYEE is worked through again", async () => {
    await enter("restored");
    const keys = await new Kvm(cloud.nc).open(BUCKETS.personKeys);
    const name = personKey(TENANT, "restored");
    const backup = (await keys.get(name))?.value ?? new Uint8Array();
    await post("/employees/restored/erase", { reason: "r", force: true });
    await settled();
    await working.close();
    await keys.put(name, backup);
    const options = { nc: cloud.nc, tenant: TENANT, context: "employee" };
    await restartReaction(options, { name: "follow-up", domain: "employee" });
    working = await startProcess("working", true);
    const isBack = async () => Buffer.from((await keys.get(name))?.value ?? []).equals(backup);
    await eventually(async () => !(await isBack()), { what: "the key is destroyed again" });
    const restored = { tenant: TENANT, personId: "restored" };
    await expect((await openVault()).seal(restored, backup)).rejects.toMatchObject({
      code: "vault.erased",
    });
  });

  test("also forgets, in read models, what events of before the vault hold in the clear", async () => {
    const plain = await openJsEventStore({ nc: cloud.nc });
    const address = { domain: "employee", tenant: TENANT, aggregateId: "old" } as const;
    const event = {
      type: "employee.employee.created",
      data: { ...person("old"), ...SECRETS },
    };
    await plain.append([{ address, expectedSeq: 0, events: [event] }], cause());
    await settled();
    expect((await serving.call("GET", "/employees/old")).body).toMatchObject(SECRETS);
    await post("/employees/old/erase", { reason: "r", force: true });
    await settled();
    expect(filesWith(dir.path, SECRETS.lastName)).toEqual([]);
    const rebuilt = await startProcess("rebuilt-again", false);
    await rebuilt.settled();
    expect(rowsIn("rebuilt-again")).toEqual(rowsIn("working"));
  });
});

/** Names of the streams, buckets included, of which some message holds the text. */
async function messagesWith({ nc }: CloudHub, text: string): Promise<string[]> {
  const jsm = await jetstreamManager(nc);
  const found = new Set<string>();
  for await (const { config, state } of jsm.streams.list()) {
    for (let seq = Math.max(1, state.first_seq); seq <= state.last_seq; seq += 1) {
      const message = await jsm.streams.getMessage(config.name, { seq });
      if (message === null) continue;
      const headers = JSON.stringify([...(message.header ?? [])]);
      if (Buffer.from(message.data).includes(text) || headers.includes(text)) {
        found.add(config.name);
      }
    }
  }
  return [...found];
}

/** Files below a folder that hold the text, as it is or in lower case. */
function filesWith(root: string, text: string, ending = ""): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const bytes = readFileSync(file);
      return bytes.includes(text) || bytes.includes(text.toLowerCase());
    });
}
