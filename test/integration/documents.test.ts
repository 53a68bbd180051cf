import { join } from "node:path";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { DOCUMENTS_STORE, type Domain, STREAMS } from "@clockleaf/shared/subjects.ts";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { Objm } from "@nats-io/obj";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { ApiRouter } from "../../cloud/api/router.ts";
import { documentsConfigSchema } from "../../cloud/documents/config.ts";
import { type DocumentsContext, startDocuments } from "../../cloud/documents/documents.ts";
import { createDocumentRoutes } from "../../cloud/documents/routes.ts";
import { documentSchema } from "../../cloud/documents/views.ts";
import type { EventStore } from "../../cloud/eventing/event-store.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { heldHere } from "../../cloud/eventing/leases.ts";
import { restartReaction } from "../../cloud/eventing/reaction.ts";
import { createMemoryVault, type PersonalVault } from "../../cloud/eventing/vault.ts";
import { type DocumentStore, sha256Of } from "../../cloud/storage/document-store.ts";
import { openJsDocumentStore } from "../../cloud/storage/js-document-store.ts";
import type { Caller } from "../support/access.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { whenWorkedOff } from "../support/consumers.ts";
import { ADMIN, contextApi } from "../support/context-api.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const TENANT = "acme";
const NOW = Date.parse("2026-11-24T08:00:00Z");
const BUCKET = `OBJ_${DOCUMENTS_STORE}`;
const CAUSE = {
  source: "cloud/payroll",
  atMs: NOW,
  correlationId: "c-1",
  causationId: "request-1",
  traceparent: undefined,
};
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text));
/** Bytes that repeat only after a long while. */
const longBytes = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) % 251);
const listSchema = z.object({ items: z.array(documentSchema) });
const who = (name: string, more: Partial<Caller> = {}): Caller => ({
  name,
  scopes: ["read", "write"],
  roles: [],
  ...more,
});
const ADA = who("ada-key", { employeeId: "ada" });
const BEN = who("ben-key", { employeeId: "ben" });
const PAYROLL = who("pay-key", { roles: ["payroll"] });

describe.skipIf(!available("nats-server", findNatsServer()))("documents", () => {
  let cloud: CloudHub;
  let dir: TempDir;
  let vault: PersonalVault;
  let store: EventStore;
  let documents: DocumentStore;
  let context: DocumentsContext;
  let api: ApiRouter;
  let caller: Caller = ADMIN;

  const start = async (): Promise<void> => {
    context = await startDocuments({
      nc: cloud.nc,
      eventStore: store,
      vault,
      documents,
      config: documentsConfigSchema.parse({}),
      tenant: TENANT,
      dataDir: join(dir.path, "data"),
      nowMs: () => NOW,
      log: silentLog(),
      leases: heldHere(),
      isWorking: true,
    });
    api = contextApi(createDocumentRoutes(context.routes), () => caller);
  };
  beforeAll(async () => {
    cloud = await startCloudHub("cloud-consumers");
    dir = tempDir("documents");
    vault = createMemoryVault();
    store = await openJsEventStore({ nc: cloud.nc, vault });
    documents = await openJsDocumentStore({
      nc: cloud.nc,
      vault,
      tenant: TENANT,
      nowMs: () => NOW,
    });
    await start();
  });
  afterAll(async () => {
    await context.close();
    await cloud[Symbol.asyncDispose]();
    dir.remove();
  });

  const as = async (principal: Caller, path: string, init?: RequestInit): Promise<Response> => {
    caller = principal;
    return await api.request(path, init);
  };
  const tell = (domain: Domain, aggregateId: string, event: { type: string; data: object }) =>
    store.append(
      [{ address: { domain, tenant: TENANT, aggregateId }, expectedSeq: 0, events: [event] }],
      CAUSE,
    );
  const payslip = async (documentId: string, employeeId: string): Promise<void> => {
    const stored = await documents.put({
      documentId,
      personId: employeeId,
      bytes: bytesOf("%PDF"),
    });
    const data = {
      employeeId,
      runId: `r-${documentId}`,
      periodId: "monthly-2026-11",
      documentId,
      ...stored,
      netMinor: 1,
      currency: "EUR",
    };
    await tell("payroll", `slip-${documentId}`, { type: "payroll.payslip.generated", data });
  };
  const visibleTo = async (principal: Caller): Promise<string[]> => {
    const response = await as(principal, "/documents");
    return listSchema.parse(await response.json()).items.map(({ documentId }) => documentId);
  };
  const upload = (
    principal: Caller,
    body: string | Uint8Array<ArrayBuffer>,
    { type = "application/pdf", query = "" } = {},
  ) =>
    as(principal, `/documents${query}`, {
      method: "POST",
      body,
      headers: { "content-type": type },
    });
  const checkOf = async (documentId: string) =>
    documentSchema.parse(await (await as(ADMIN, `/documents/${documentId}`)).json()).check;
  const storedBytes = async (): Promise<number> => {
    const jsm = await jetstreamManager(cloud.nc);
    return (await jsm.streams.info(BUCKET)).state.bytes;
  };

  test("gives back what was put, however large, and refuses what is too large", async () => {
    for (const length of [0, 1, 131_072, 131_073, 1_500_000]) {
      const bytes = longBytes(length);
      const documentId = `size-${length}`;
      const stored = await documents.put({ documentId, personId: "ada", bytes });
      expect(stored).toEqual({ sha256: sha256Of(bytes), bytes: length });
      expect(await documents.get(documentId, "ada")).toEqual(bytes);
    }
    const tooLarge = {
      documentId: "huge",
      personId: null,
      bytes: new Uint8Array(20 * 1024 ** 2 + 1),
    };
    await expect(documents.put(tooLarge)).rejects.toMatchObject({ code: "document.too-large" });
  });

  test("stores nothing twice, replaces, and takes the old bytes away", async () => {
    const put = (bytes: Uint8Array) =>
      documents.put({ documentId: "again", personId: null, bytes });
    await put(longBytes(1_000_000));
    const before = await storedBytes();
    await put(longBytes(1_000_000));
    expect(await storedBytes()).toBe(before);
    await put(bytesOf("small"));
    expect(await storedBytes()).toBeLessThan(before - 900_000);
    expect(await documents.get("again", null)).toEqual(bytesOf("small"));
    await documents.remove("again");
    await documents.remove("again");
    expect(await documents.get("again", null)).toBeUndefined();
    expect(await documents.get("never", null)).toBeUndefined();
  });

  test("is read by the object store's own client, which finds a person's documents sealed", async () => {
    const objects = await new Objm(cloud.nc).open(DOCUMENTS_STORE);
    await documents.put({ documentId: "open", personId: null, bytes: bytesOf("for all") });
    await documents.put({ documentId: "sealed", personId: "ada", bytes: bytesOf("for ada") });
    const read = async (name: string) =>
      Buffer.from((await objects.getBlob(name)) ?? []).toString();
    expect(await read(`${TENANT}.open`)).toBe("for all");
    expect(await read(`${TENANT}.sealed`)).not.toContain("for ada");
  });

  test("finds damage, and another person's key opens nothing", async () => {
    await documents.put({ documentId: "hurt", personId: null, bytes: longBytes(300_000) });
    const jsm = await jetstreamManager(cloud.nc);
    const newest = await jsm.direct.getMessage(BUCKET, {
      last_by_subj: `$O.${DOCUMENTS_STORE}.C.>`,
    });
    await jetstream(cloud.nc).publish(newest?.subject ?? "", bytesOf("more"));
    await expect(documents.get("hurt", null)).rejects.toMatchObject({ code: "document.damaged" });
    await documents.put({ documentId: "of-ada", personId: "ada", bytes: bytesOf("x") });
    await documents.put({ documentId: "of-ben", personId: "ben", bytes: bytesOf("x") });
    const wrong = documents.get("of-ada", "ben");
    await expect(wrong).rejects.toMatchObject({ code: "document.damaged" });
  });

  test("records what payroll and reporting made; each sees their own, payroll all of pay", async () => {
    await payslip("slip-ada", "ada");
    await payslip("slip-ben", "ben");
    await documents.put({ documentId: "pay-1", personId: null, bytes: bytesOf("<?xml x") });
    for (const employeeId of ["ada", "ben"]) {
      const data = {
        employeeId,
        runId: "r-1",
        periodId: "monthly-2026-11",
        amountMinor: 1,
        currency: "EUR",
        reference: "x",
        documentId: "pay-1",
        payOn: "2026-11-30",
      };
      await tell("payroll", `paid-${employeeId}`, { type: "payroll.payment.processed", data });
    }
    const report = await documents.put({
      documentId: "rep-1",
      personId: null,
      bytes: bytesOf("a;b"),
    });
    const completed = {
      reportId: "rep",
      documentId: "rep-1",
      name: "overtime.csv",
      mediaType: "text/csv",
      ...report,
      rows: 1,
      requestedBy: "ben-key",
      asOf: [],
      at: NOW,
    };
    await tell("reporting", "rep", { type: "reporting.report.completed", data: completed });

    await eventually(async () => (await visibleTo(ADMIN)).length === 4, { what: "four documents" });
    expect((await visibleTo(ADA)).toSorted()).toEqual(["slip-ada"]);
    expect((await visibleTo(BEN)).toSorted()).toEqual(["rep-1", "slip-ben"]);
    expect((await visibleTo(PAYROLL)).toSorted()).toEqual(["pay-1", "slip-ada", "slip-ben"]);
    const file = await as(PAYROLL, "/documents/pay-1/content");
    expect(file.status).toBe(200);
    expect(file.headers.get("content-type")).toBe("application/xml");
    expect(file.headers.get("content-disposition")).toBe(
      'attachment; filename="payments-monthly-2026-11.xml"',
    );
    expect(await file.text()).toBe("<?xml x");
    for (const path of ["/documents/slip-ada", "/documents/slip-ada/content"]) {
      expect((await as(BEN, path)).status).toBe(404);
      expect((await as(ADA, path)).status).toBe(200);
    }
  });

  test("takes attachments, plain or as a form, for whom the caller may, and deletes them with their bytes", async () => {
    const plain = await upload(ADA, bytesOf("%PDF-1.7 a doctor's note"));
    expect(plain.status).toBe(201);
    const { documentId, employeeId, name } = documentSchema.parse(await plain.json());
    expect(employeeId).toBe("ada");
    expect(name).toMatch(/^attachment-[0-9a-f]{8}\.pdf$/u);
    const form = new FormData();
    form.append("file", new File(["a,b"], "Ada Example sick.csv", { type: "text/csv" }));
    const multi = await as(ADA, "/documents", { method: "POST", body: form });
    expect(multi.status).toBe(201);
    expect(JSON.stringify(await multi.json())).not.toContain("Example");

    expect((await upload(ADA, bytesOf("x"), { query: "?employeeId=ben" })).status).toBe(404);
    expect((await upload(who("nobody"), bytesOf("x"))).status).toBe(403);
    expect((await upload(ADA, bytesOf("<script>"), { type: "text/html" })).status).toBe(415);
    expect((await upload(ADA, new Uint8Array())).status).toBe(400);
    expect((await upload(ADA, new Uint8Array(10 * 1024 ** 2 + 1))).status).toBe(413);

    const path = `/documents/${documentId}`;
    const etag = (await as(ADA, path)).headers.get("etag") ?? "";
    const remove = (principal: Caller, match: string) =>
      as(principal, path, { method: "DELETE", headers: { "if-match": match } });
    expect((await remove(BEN, etag)).status).toBe(404);
    expect((await remove(ADA, '"1"')).status).toBe(412);
    expect((await remove(ADA, etag)).status).toBe(204);
    expect((await as(ADA, path)).status).toBe(404);
    await eventually(async () => (await documents.get(documentId, "ada")) === undefined);
    const slip = (await as(ADA, "/documents/slip-ada")).headers.get("etag") ?? "";
    const kept = await as(ADA, "/documents/slip-ada", {
      method: "DELETE",
      headers: { "if-match": slip },
    });
    expect(kept.status).toBe(409);
  });

  test("has each attachment looked at once, and shows whether it is there and what it was called", async () => {
    const uploaded = async (content: string, type: string): Promise<string> => {
      const response = await upload(ADA, bytesOf(content), { type });
      return documentSchema.parse(await response.json()).documentId;
    };
    /** An attachment that was told of, with the store in whatever state it is. */
    const told = async (documentId: string): Promise<string> => {
      const stored = { mediaType: "text/plain", bytes: 3, sha256: sha256Of(bytesOf("abc")) };
      const whose = { kind: "attachment", employeeId: null, storedBy: "test", at: NOW };
      const data = { documentId, name: "x.txt", ...whose, ...stored };
      await tell("document", documentId, { type: "document.document.stored", data });
      return documentId;
    };
    await documents.put({ documentId: "swapped", personId: null, bytes: bytesOf("abd") });
    const wanted = [
      [await uploaded("%PDF-1.7 a note", "application/pdf"), "sound", "application/pdf"],
      [await uploaded("a;b\r\n1;2", "text/csv"), "sound", "text/plain"],
      [await uploaded("<html><script>", "application/pdf"), "other-type", "text/html"],
      [await told("swapped"), "damaged", null],
      [await told("nowhere"), "missing", null],
    ] as const;
    for (const [documentId, verdict, foundType] of wanted) {
      const check = await eventually(() => checkOf(documentId), { what: `a look at ${verdict}` });
      expect(check).toEqual({ verdict, foundType, at: new Date(NOW).toISOString() });
    }
    // What the platform makes itself was read when it was recorded.
    await payslip("slip-own", "ben");
    await eventually(async () => (await visibleTo(BEN)).includes("slip-own"));
    // Told again, as after a crash: no second look is recorded.
    await whenWorkedOff(cloud.nc, STREAMS.document, "documents-check");
    const jsm = await jetstreamManager(cloud.nc);
    const before = (await jsm.streams.info(STREAMS.document)).state.last_seq;
    await context.close();
    await restartReaction(
      { nc: cloud.nc, tenant: TENANT, context: "documents" },
      { name: "check", domain: "document" },
    );
    await start();
    await whenWorkedOff(cloud.nc, STREAMS.document, "documents-check");
    expect((await jsm.streams.info(STREAMS.document)).state.last_seq).toBe(before);
    expect(await checkOf("slip-own")).toBeNull();
  });

  test("forgets an erased person's documents, bytes and all, and records none that come late", async () => {
    await documents.put({ documentId: "slip-late", personId: "ada", bytes: bytesOf("late") });
    const before = await storedBytes();
    await vault.erase({ tenant: TENANT, personId: "ada" });
    expect(await documents.get("slip-ada", "ada")).toBeUndefined();
    const erased = { employeeId: "ada", requestedBy: "hr", at: NOW };
    await tell("employee", "ada", { type: "employee.person.erased", data: erased });
    await eventually(async () => (await visibleTo(ADA)).length === 0, { what: "all to be erased" });
    await eventually(async () => (await storedBytes()) < before);
    const data = {
      employeeId: "ada",
      runId: "r-late",
      periodId: "monthly-2026-11",
      documentId: "slip-late",
      sha256: "0".repeat(64),
      bytes: 4,
      netMinor: 1,
      currency: "EUR",
    };
    await tell("payroll", "late", { type: "payroll.payslip.generated", data });
    await payslip("slip-marker", "ben");
    await eventually(async () => (await visibleTo(BEN)).includes("slip-marker"));
    expect(await visibleTo(ADMIN)).not.toContain("slip-late");
    expect(await visibleTo(BEN)).toContain("slip-ben");
    const jsm = await jetstreamManager(cloud.nc);
    expect((await jsm.streams.info(STREAMS.deadLetters)).state.messages).toBe(0);
  });
});
