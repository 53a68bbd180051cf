import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { connectNats } from "@clockleaf/shared/lib/nats-connection.ts";
import { gatewayInbox, STREAMS } from "@clockleaf/shared/subjects.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { stringify } from "yaml";
import type { CloudRole } from "../../deploy/nats/permissions.ts";
import type { ApiClient } from "../demo/api-client.ts";
import { type Child, createChild } from "../demo/child.ts";
import { RULES } from "../demo/plant.ts";
import { runCloud } from "../support/cloud.ts";
import { eventually } from "../support/eventually.ts";
import { freePort, type Site, startSite, TEST_GATEWAY } from "../support/nats.ts";
import { createOfficeKeys, officeConfig } from "../support/office.ts";
import { type Office, officeOf } from "../support/office-work.ts";
import { createPretendedGateway, type PretendedGateway } from "../support/pretended-gateway.ts";
import { type MailSink, startMailSink } from "../support/smtp.ts";
import type { Target } from "./disturb.ts";
import { createPatientClient } from "./patient-client.ts";

const ROOT = join(import.meta.dirname, "../..");
const ZONE = "UTC";
const CONSUMERS = ["c1", "c2", "c3"];
const START_MS = 120_000;

export interface CompanyOptions {
  readonly hubs: 1 | 3;
  /** One process that does everything, or one for the API and three that work through the streams. */
  readonly processes: "one" | "four";
  /** A Monday, `YYYY-MM-DD`. */
  readonly monday: string;
  readonly testHooks?: { readonly ackBeforeApply: boolean };
}

/** Hub, cloud, mail server and one gateway, with nobody in it yet. */
export interface Company {
  readonly site: Site;
  readonly nc: NatsConnection;
  readonly url: string;
  readonly keys: ReturnType<typeof createOfficeKeys>["keys"];
  readonly api: ApiClient;
  readonly office: Office;
  readonly mails: MailSink;
  readonly gateway: PretendedGateway;
  /** What may be killed. */
  readonly targets: readonly Target[];
  /** Every process of the cloud runs and is ready. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

export async function openCompany(options: CompanyOptions): Promise<Company> {
  const steps: Array<() => Promise<void> | void> = [];
  const stop = async (): Promise<void> => {
    for (const step of steps.splice(0).toReversed()) await step();
  };
  try {
    const site = await startSite({ leafs: [], servers: options.hubs });
    steps.push(() => site.stop());
    const mails = await startMailSink();
    steps.push(async () => await mails[Symbol.asyncDispose]());
    const { keys, entries } = createOfficeKeys();
    const office = officeConfig({ zone: ZONE, anchorOn: options.monday, smtpPort: mails.port });
    const write = configWriter(site, options, { apiKeys: entries, rules: RULES, ...office });
    const parts = await startParts({ site, write, steps }, options.processes);
    const url = parts.find(({ kind }) => kind === "api")?.url ?? "";
    const nc = await site.connectCloud("cloud-all");
    const api = createPatientClient(url, keys.hr);
    return {
      site,
      nc,
      url,
      keys,
      api,
      office: officeOf(api, keys),
      mails,
      gateway: await pretendedGateway(site, nc),
      targets: [...parts, ...site.hubs.map((server, index) => hubTarget(site, server, index))],
      ready: async () => void (await Promise.all(parts.map((part) => part.ready()))),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type WriteConfig = (name: string, role: CloudRole, port: number) => string;

/** Every process has a file of its own: its port and its permissions. */
function configWriter(site: Site, options: CompanyOptions, company: object): WriteConfig {
  const { testHooks } = options;
  return (name, role, port) => {
    const file = join(site.dir, `${name}.yaml`);
    const config = {
      configVersion: 1,
      tenant: TEST_GATEWAY.tenant,
      dataDir: join(site.dir, "cloud"),
      nats: { servers: site.hubs.map(({ url }) => url), seedFile: site.deployment.seedFile(role) },
      http: { host: "127.0.0.1", port },
      streams: {
        replicas: options.hubs,
        clockBytes: 2 ** 26,
        domainBytes: 2 ** 26,
        deadLetterBytes: 2 ** 22,
        queueBytes: 2 ** 22,
        bucketBytes: 2 ** 22,
        documentBytes: 2 ** 26,
      },
      ...company,
      ...(role === "cloud-admin" || testHooks === undefined ? {} : { testHooks }),
    };
    writeFileSync(file, stringify(config));
    return file;
  };
}

interface Part extends Target {
  readonly url: string;
  ready(): Promise<void>;
}

interface Starting {
  readonly site: Site;
  readonly write: WriteConfig;
  readonly steps: Array<() => Promise<void> | void>;
}

async function startParts(
  { site, write, steps }: Starting,
  processes: CompanyOptions["processes"],
): Promise<readonly Part[]> {
  const start = async (role: string, instance: string, of: CloudRole): Promise<Part> => {
    const port = await freePort();
    const file = write(instance, of, port);
    const args = ["--config", file, "--role", role, "--instance", instance];
    const child = createChild({
      args: [join(ROOT, "cloud/main.ts"), ...args],
      logFile: join(site.dir, `${instance}.log`),
      env: { CLOCKLEAF_TEST_HOOKS: "1" },
    });
    steps.push(() => child.stop());
    child.start();
    return processTarget(role === "consumers" ? "consumers" : "api", { instance, child, port });
  };
  if (processes === "one") {
    const all = await start("all", "all", "cloud-all");
    await all.ready();
    return [all];
  }
  await eventually(
    async () => {
      const admin = write("admin", "cloud-admin", 0);
      const { code, stderr } = await runCloud(["streams", "apply", "--config", admin]);
      // The servers of a cluster need a moment to find each other.
      if (code !== 0) throw new Error(stderr);
      return true;
    },
    { what: "the streams to be made", timeoutMs: START_MS },
  );
  const api = await start("api", "api", "cloud-api");
  const consumers = [];
  for (const name of CONSUMERS) consumers.push(await start("consumers", name, "cloud-consumers"));
  const parts = [api, ...consumers];
  await Promise.all(parts.map((part) => part.ready()));
  return parts;
}

function processTarget(
  kind: "consumers" | "api",
  of: { readonly instance: string; readonly child: Child; readonly port: number },
): Part {
  const { instance, child, port } = of;
  const url = `http://127.0.0.1:${port}`;
  const ready = async (): Promise<void> => {
    await eventually(async () => (await fetch(`${url}/readyz`)).ok, {
      what: `${instance} to be ready`,
      timeoutMs: START_MS,
    }).catch((error: unknown) => {
      throw new Error(`${instance} is not ready:\n${child.tail()}`, { cause: error });
    });
  };
  return {
    kind,
    name: instance,
    url,
    ready,
    kill: () => child.kill(),
    async start() {
      child.start();
      await ready();
    },
  };
}

function hubTarget(site: Site, server: Site["hub"], index: number): Target {
  return {
    kind: "hub",
    name: `hub server ${index + 1} of ${site.hubs.length}`,
    kill: () => server.kill(),
    start: () => server.start(),
    settled: () => allCurrent(site),
  };
}

/** Until every copy of every stream has caught up with its leader: only then may the next server be missing. */
async function allCurrent(site: Site): Promise<void> {
  const nc = await site.connectCloud("cloud-admin");
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  await eventually(
    async () => {
      for (const stream of Object.values(STREAMS)) {
        const { cluster } = await jsm.streams.info(stream);
        const copies = cluster?.replicas ?? [];
        if (copies.length !== site.hubs.length - 1) return false;
        if (!copies.every(({ current }) => current)) return false;
      }
      return true;
    },
    { what: "every copy to catch up", timeoutMs: START_MS },
  );
  await nc.close();
}

async function pretendedGateway(site: Site, registrar: NatsConnection): Promise<PretendedGateway> {
  const connection = site.closeLater(
    await connectNats({
      servers: site.hubs.map(({ url }) => url),
      seedFile: site.deployment.gateway(TEST_GATEWAY).seedFile,
      name: TEST_GATEWAY.gateway,
      inboxPrefix: gatewayInbox(TEST_GATEWAY),
      log: silentLog(),
    }),
  );
  return createPretendedGateway({
    address: TEST_GATEWAY,
    epoch: "epoch00001",
    zone: ZONE,
    instantOf: (time) => Date.parse(time),
    registrar,
    connection: () => Promise.resolve(connection),
  });
}
