import { join } from "node:path";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { type Domain, STREAMS, tenantSubjects } from "@clockleaf/shared/subjects.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { Connection } from "rabbitmq-client";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import type { ApiRouter } from "../../cloud/api/router.ts";
import { documentsConfigSchema } from "../../cloud/documents/config.ts";
import { type DocumentsContext, startDocuments } from "../../cloud/documents/documents.ts";
import { createDocumentRoutes } from "../../cloud/documents/routes.ts";
import { documentSchema } from "../../cloud/documents/views.ts";
import { readDeadLetters, type StoredLetter } from "../../cloud/eventing/dead-letter.ts";
import { readAfter } from "../../cloud/eventing/direct-read.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { heldHere, heldNowhere } from "../../cloud/eventing/leases.ts";
import { createMemoryVault } from "../../cloud/eventing/vault.ts";
import { DEAD_LETTERS, QUEUES } from "../../cloud/rabbitmq/topology.ts";
import { reportingConfigSchema } from "../../cloud/reporting/config.ts";
import { type ReportingContext, startReporting } from "../../cloud/reporting/reporting.ts";
import { createReportingRoutes } from "../../cloud/reporting/routes.ts";
import { reportSchema } from "../../cloud/reporting/views.ts";
import { openJsDocumentStore } from "../../cloud/storage/js-document-store.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { contextApi } from "../support/context-api.ts";
import { type Tell, teller } from "../support/domain-events.ts";
import { eventually } from "../support/eventually.ts";
import { type JobsProcess, type StopAt, startJobsProcess } from "../support/jobs-process.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { person } from "../support/people.ts";
import { findOwnRabbit, type RabbitServer, startRabbit } from "../support/rabbitmq.ts";
import { drain, rabbitClient } from "../support/rabbitmq-client.ts";
import { rabbitSettings } from "../support/rabbitmq-reader.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const TENANT = "acme";
const SLOW = { timeoutMs: 60_000 };
const DELIVERY_LIMIT = 2;
const isHere = available("nats-server", findNatsServer()) && available("RabbitMQ", findOwnRabbit());
const nowMs = (): number => Date.now();
const bridged = (eventType: string, data: object) => ({ metadata: { eventType }, data });
type Report = z.output<typeof reportSchema>;
type Document = z.output<typeof documentSchema>;

/** The API in this process; who works are others, which are killed. */
describe.skipIf(!isHere)("jobs at RabbitMQ", { timeout: 180_000 }, () => {
  let cloud: CloudHub;
  let rabbit: RabbitServer;
  let client: Connection;
  let temp: TempDir;
  let rabbitmq: object;
  let tell: Tell;
  let reports: ReportingContext;
  let archive: DocumentsContext;
  let reportApi: ApiRouter;
  let documentApi: ApiRouter;
  let shared: Omit<Parameters<typeof startReporting>[0], "reporting">;
  let rescuer: ReportingContext | undefined;
  const processes: JobsProcess[] = [];

  beforeAll(async () => {
    cloud = await startCloudHub("cloud-consumers");
    temp = tempDir("jobs");
    rabbit = await startRabbit();
    client = rabbitClient([rabbit.port]);
    const settings = rabbitSettings(temp.path, [rabbit.port]);
    rabbitmq = { ...settings.rabbitmq, deliveryLimit: DELIVERY_LIMIT };
    const { nc } = cloud;
    const vault = createMemoryVault();
    const eventStore = await openJsEventStore({ nc, vault });
    tell = teller(eventStore, TENANT);
    shared = {
      nc,
      eventStore,
      vault,
      tenant: TENANT,
      dataDir: join(temp.path, "api"),
      nowMs,
      log: silentLog(),
      leases: heldNowhere(),
      isWorking: false,
      documents: await openJsDocumentStore({ nc, vault, tenant: TENANT, nowMs }),
    };
    reports = await startReporting({ ...shared, reporting: reportingConfigSchema.parse({}) });
    archive = await startDocuments({ ...shared, config: documentsConfigSchema.parse({}) });
    reportApi = contextApi(createReportingRoutes(reports.routes));
    documentApi = contextApi(createDocumentRoutes(archive.routes));
    const data = person("ada");
    await tell("employee", "ada", { type: "employee.employee.created", data });
  }, 180_000);
  afterEach(async () => {
    await rescuer?.close();
    rescuer = undefined;
    await Promise.all(processes.splice(0).map((each) => each.kill()));
  });
  afterAll(async () => {
    client?.unsafeDestroy();
    await archive?.close();
    await reports?.close();
    await rabbit?.[Symbol.asyncDispose]();
    await cloud?.[Symbol.asyncDispose]();
    temp?.remove();
  });

  let started = 0;
  const start = async (stop?: StopAt): Promise<JobsProcess> => {
    started += 1;
    const own = { site: cloud.site, dir: temp.path, rabbitmq, name: `worker-${started}` };
    const process = await startJobsProcess(stop === undefined ? own : { ...own, stop });
    processes.push(process);
    return process;
  };
  const ask = async (report = "overtime"): Promise<string> => {
    const wanted = { report, format: "csv", fromOn: "2026-11-01", toOn: "2026-11-30" };
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify(wanted);
    const response = await reportApi.request("/reports", { method: "POST", headers, body });
    expect(response.status).toBe(202);
    return reportSchema.parse(await response.json()).reportId;
  };
  const reportOf = async (reportId: string): Promise<Report> =>
    reportSchema.parse(await (await reportApi.request(`/reports/${reportId}`)).json());
  const made = (reportId: string): Promise<Report> =>
    eventually(async () => {
      const report = await reportOf(reportId);
      return report.status === "completed" ? report : undefined;
    }, SLOW);
  const attach = async (content: string, type = "application/pdf"): Promise<string> => {
    const sent = { method: "POST", body: content, headers: { "content-type": type } };
    const response = await documentApi.request("/documents", sent);
    expect(response.status).toBe(201);
    const document = documentSchema.parse(await response.json());
    expect(document.check).toBeNull();
    return document.documentId;
  };
  const documentOf = async (documentId: string): Promise<Document> =>
    documentSchema.parse(await (await documentApi.request(`/documents/${documentId}`)).json());
  const checked = (documentId: string): Promise<NonNullable<Document["check"]>> =>
    eventually(async () => (await documentOf(documentId)).check, SLOW);
  /** Types of all events of a domain whose data name the id. */
  const eventsAbout = async (domain: Domain, id: string): Promise<string[]> => {
    const jsm = await jetstreamManager(cloud.nc, { checkAPI: false });
    const query = { stream: STREAMS[domain], subject: tenantSubjects(domain, TENANT), afterSeq: 0 };
    const found: string[] = [];
    for await (const { data, headers } of readAfter(cloud.nc, jsm, {
      ...query,
      timeoutMs: 5_000,
    })) {
      if (Buffer.from(data).includes(id)) found.push(headers?.get("ce-type") ?? "");
    }
    return found;
  };
  const letters = async (consumer: string): Promise<StoredLetter[]> => {
    const jsm = await jetstreamManager(cloud.nc, { checkAPI: false });
    const found: StoredLetter[] = [];
    for await (const letter of readDeadLetters(cloud.nc, jsm)) {
      if (letter.consumer === consumer) found.push(letter);
    }
    return found;
  };
  const bytesOf = (id: string) => shared.documents.get(id, null);
  const reasons = async (consumer: string): Promise<string[]> =>
    (await letters(consumer)).map(({ code, reason, stream }) => `${stream}: ${code}: ${reason}`);
  const put = async (routingKey: string, ...bodies: readonly unknown[]): Promise<void> => {
    const publisher = client.createPublisher({ confirm: true });
    for (const body of bodies) await publisher.send({ routingKey }, body);
    await publisher.close();
  };
  const isEmpty = (queue: string): Promise<unknown> =>
    eventually(async () => (await messagesIn(queue)) === 0, SLOW);
  /** That wait: not those in a worker's hand. */
  const messagesIn = async (queue: string): Promise<number> => {
    const channel = await client.acquire();
    const { messageCount } = await channel.queueDeclare({ queue, passive: true });
    await channel.close();
    return messageCount;
  };

  const ENDED = ["reporting.report.requested", "reporting.report.completed"];
  const CHECKED = ["document.document.stored", "document.document.checked"];

  test.each(["before-put", "after-put"] as const)(
    "a report whose worker is killed %s is made by another one, once",
    async (place) => {
      const victim = await start(place);
      const reportId = await ask();
      const documentId = await victim.reaches(place);
      expect((await reportOf(reportId)).status).toBe("requested");
      await victim.kill();
      await start();
      const report = await made(reportId);
      // Named by what was asked for and what is in it: so made again it is the same document.
      expect(report.document?.documentId).toBe(documentId);
      expect(await eventsAbout("reporting", reportId)).toEqual(ENDED);
      const content = await eventually(async () => {
        const response = await documentApi.request(`/documents/${documentId}/content`);
        return response.status === 200 ? await response.text() : undefined;
      }, SLOW);
      expect(content).toContain("Employee");
      await isEmpty(QUEUES.reports);
    },
  );

  test("several workers share what is asked for, and each report is made by one of them", async () => {
    const workers = [await start(), await start()];
    const asked = await Promise.all(Array.from({ length: 12 }, () => ask()));
    const all = await Promise.all(asked.map(made));
    const ids = all.map(({ document }) => document?.documentId ?? "");
    const byWorker = workers.map((each) => each.seen("before-put"));
    expect(byWorker.flat().toSorted()).toEqual(ids.toSorted());
    expect(byWorker.every((own) => own.length > 0)).toBe(true);
  });

  test("of two workers that make one report of different facts the second one leaves nothing behind", async () => {
    const late = await start("before-put");
    const reportId = await ask("absence");
    const unnamed = await late.reaches("before-put");
    const leave = { employeeId: "ada", leaveId: "l-1", code: "VAC", policy: "vacation" };
    const when = { fromOn: "2026-11-27", toOn: "2026-11-28", secondsADay: null, minutes: 960 };
    const data = { ...leave, ...when, by: "boss", at: 1 };
    await tell("leave", "ada", { type: "leave.leave.approved", data });
    await start();
    await put(QUEUES.reports, { reportId });
    const report = await made(reportId);
    const documentId = report.document?.documentId ?? "";
    expect(documentId).not.toBe(unnamed);
    late.goOn();
    await eventually(() => late.seen("after-put").includes(unnamed), SLOW);
    await eventually(async () => (await bytesOf(unnamed)) === undefined, SLOW);
    expect(Buffer.from((await bytesOf(documentId)) ?? []).toString()).toContain("VAC,2026-11-27");
    expect((await reportOf(reportId)).document?.documentId).toBe(documentId);
    expect(await eventsAbout("reporting", reportId)).toEqual(ENDED);
  });

  test("what is asked for while the broker is away is made once it is back", async () => {
    const worker = await start();
    await rabbit.hasNoted(QUEUES.reports);
    await rabbit.hasNoted(QUEUES.files);
    await rabbit.kill();
    const reportId = await ask();
    const documentId = await attach("%PDF-1.7 while it was away");
    expect((await reportOf(reportId)).status).toBe("requested");
    await rabbit.start();
    await made(reportId);
    await checked(documentId);
    expect(worker.seen("after-put")).toHaveLength(1);
    expect(await eventsAbout("reporting", reportId)).toEqual(ENDED);
    expect(await eventsAbout("document", documentId)).toEqual(CHECKED);
  });

  test("a job that comes again, and the events of a bridge beside it, have no effect of their own", async () => {
    const [reportId, documentId] = [await ask(), await attach("%PDF-1.7 once")];
    await start();
    await made(reportId);
    await checked(documentId);
    await put(
      QUEUES.reports,
      { reportId },
      bridged("reporting.report.requested", { reportId }),
      bridged("reporting.report.completed", { reportId, documentId: "other" }),
      { reportId },
    );
    await put(
      QUEUES.files,
      { documentId },
      bridged("document.document.stored", { documentId, kind: "attachment" }),
      bridged("document.document.checked", { documentId }),
    );
    // Behind them, so that they are done with once these are.
    const [lastReport, lastDocument] = [await ask(), await attach("%PDF-1.7 last")];
    await made(lastReport);
    await checked(lastDocument);
    await isEmpty(QUEUES.reports);
    await isEmpty(QUEUES.files);
    expect(await eventsAbout("reporting", reportId)).toEqual(ENDED);
    expect(await eventsAbout("document", documentId)).toEqual(CHECKED);
    const ours = [...(await letters("reporting-worker")), ...(await letters("documents-worker"))];
    expect(ours).toEqual([]);
  });

  test("what a bridge tells of a new document is a job as well", async () => {
    const documentId = await attach("%PDF-1.7 told twice");
    await put(QUEUES.files, { metadata: {}, data: { documentId } });
    await start();
    expect(await checked(documentId)).toMatchObject({ verdict: "sound" });
    await isEmpty(QUEUES.files);
    expect(await eventsAbout("document", documentId)).toEqual(CHECKED);
  });

  test("what is no job, and a job of nothing there is, become dead letters with their reason", async () => {
    await put(QUEUES.reports, "no job", { reportId: "nobody-asked" });
    await put(QUEUES.files, { documentId: "nobody-stored" });
    await start();
    await eventually(async () => (await reasons("reporting-worker")).length === 2, SLOW);
    await eventually(async () => (await reasons("documents-worker")).length === 1, SLOW);
    expect((await reasons("reporting-worker")).toSorted()).toEqual([
      "reports.generation: command.not-found: there is no report nobody-asked",
      "reports.generation: wire.malformed: not a job of reports.generation",
    ]);
    expect(await reasons("documents-worker")).toEqual([
      "file.processing: command.not-found: there is no document nobody-stored",
    ]);
    await isEmpty(QUEUES.reports);
    expect(await drain(client, DEAD_LETTERS)).toEqual([]);
  });

  test("an attachment whose worker is killed is checked by another one, once", async () => {
    const victim = await start("before-get");
    const documentId = await attach("%PDF-1.7 a doctor's note");
    expect(await victim.reaches("before-get")).toBe(documentId);
    await victim.kill();
    const { version } = await documentOf(documentId);
    await start();
    const found = { verdict: "sound", foundType: "application/pdf" };
    expect(await checked(documentId)).toMatchObject(found);
    expect(await eventsAbout("document", documentId)).toEqual(CHECKED);
    // A look at a document changes nothing about it: whoever holds its ETag may still delete it.
    expect((await documentOf(documentId)).version).toBe(version);
  });

  test("a job that kills its workers goes to RabbitMQ's dead letters, with the reason", async () => {
    const reportId = await ask();
    for (let death = 0; death <= DELIVERY_LIMIT; death += 1) {
      const victim = await start("before-put");
      await victim.reaches("before-put");
      await victim.kill();
    }
    const letter = await eventually(async () => (await drain(client, DEAD_LETTERS))[0], SLOW);
    expect(letter).toMatchObject({ routingKey: QUEUES.reports, body: { reportId } });
    expect(letter.headers?.["x-death"]).toMatchObject([
      { queue: QUEUES.reports, reason: "delivery_limit" },
    ]);
    expect((await reportOf(reportId)).status).toBe("requested");

    // It is not forgotten: it is taken up again by itself, here in the other queue.
    rescuer = await startReporting({
      ...shared,
      dataDir: join(temp.path, "rescuer"),
      reporting: reportingConfigSchema.parse({ queue: "nats" }),
      isWorking: true,
      leases: heldHere(),
      rescue: { everyMs: 50, lostAfterMs: 0 },
    });
    await made(reportId);
    expect(await eventsAbout("reporting", reportId)).toEqual(ENDED);
  });
});
