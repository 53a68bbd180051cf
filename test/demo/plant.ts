import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSite, type Site as SimulatedSite } from "@clockleaf/hardware-sim/site/site.ts";
import { parseRuleBook, type RuleBook } from "@clockleaf/shared/worktime/rule-book.ts";
import { stringify } from "yaml";
import { eventually } from "../support/eventually.ts";
import { freePort, type Site as NatsSite, startSite } from "../support/nats.ts";
import { createOfficeKeys, MANAGER, officeConfig } from "../support/office.ts";
import { enterPay, type Office, officeOf } from "../support/office-work.ts";
import { startPostgres } from "../support/postgres.ts";
import { type MailSink, startMailSink } from "../support/smtp.ts";
import { type ApiClient, createApiClient } from "./api-client.ts";
import { startBrokers } from "./brokers.ts";
import { type Child, createChild } from "./child.ts";

const GATEWAY = { tenant: "demo", site: "plant-1", gateway: "gw-1" } as const;
export const ZONE = "Europe/Berlin";
/** Who goes at noon goes to lunch, and the reader says so; overtime of the day is paid once it is approved. */
export const RULES: RuleBook = parseRuleBook({
  groups: {
    house: {
      extends: ["plain-8-40"],
      punches: { lunches: { by: "day-window", from: "11:30", to: "13:30" } },
      overtime: {
        policies: [
          {
            kind: "daily",
            name: "Daily",
            tiers: [{ after: "8h", code: "OT15", rate: 1.5 }],
            needsApproval: true,
          },
        ],
      },
      absences: { codes: [{ name: "Vacation", code: "VAC", dayLength: "8h" }] },
    },
  },
  assignments: [{ to: "everyone", use: ["house"], from: "2020-01-01" }],
});
const ROOT = join(import.meta.dirname, "../..");
const DAY_MS = 86_400_000;
/** Everybody has been there for a while. */
const HIRED_ON = "2026-01-01";
/** The simulated day lies this far back, so that its clock never runs past the real one. */
const DAYS_BACK = 10;
/** Site time before the first tap in which the agent starts and finds its readers, as wall time. */
const LEAD_MS = 3_500;

export interface PlantOptions {
  readonly seed: number;
  readonly people: number;
  /** How long the simulated working day takes, wall milliseconds. */
  readonly dayMs: number;
  /** Where the cloud's read models are; SQLite unless told. */
  readonly store?: "sqlite" | "postgres";
  /** Planted faults of the agent, for the test that the demo notices them. */
  readonly testHooks?: { readonly confirmBeforeCommit: boolean; readonly commitDelayMs: number };
  /** With a Kafka, a RabbitMQ and a Redis that get every event. */
  readonly withBridges?: boolean;
}

/** A whole company on one machine: hub, leaf, cloud, one gateway's agent, a site with readers and people. */
export interface Plant {
  readonly gateway: typeof GATEWAY;
  readonly api: ApiClient;
  readonly apiKey: string;
  readonly office: Office;
  /** What the mail server has taken. */
  readonly mails: MailSink;
  /** The Monday of the week of the simulated day. */
  readonly monday: string;
  readonly nats: NatsSite;
  readonly site: SimulatedSite;
  readonly agent: Child;
  readonly cloud: Child;
  readonly cloudConfigFile: string;
  readonly journalFile: string;
  readonly runtimeDir: string;
  readonly speed: number;
  /** Starts the site's clock and the agent with it; people begin to come a few seconds later. */
  begin(): Promise<void>;
  /** Puts the agent on the machine's own clock: stop, new configuration, start. */
  toRealTime(): Promise<void>;
  stop(): Promise<void>;
}

export async function openPlant(options: PlantOptions): Promise<Plant> {
  const steps: Array<() => Promise<void> | void> = [];
  const stop = async (): Promise<void> => {
    for (const step of steps.splice(0).toReversed()) await step();
  };
  try {
    const nats = await startSite({ gateways: [GATEWAY] });
    steps.push(() => nats.stop());
    const mails = await startMailSink();
    steps.push(async () => await mails[Symbol.asyncDispose]());
    const midnightMs = Math.floor(Date.now() / DAY_MS - DAYS_BACK) * DAY_MS;
    const monday = mondayOf(midnightMs);
    const company = officeConfig({ zone: ZONE, anchorOn: monday, smtpPort: mails.port });
    const readModels = await storeOf(options, steps);
    const brokers = options.withBridges === true ? await startBrokers(steps) : {};
    const sections = { ...company, ...readModels, ...brokers };
    const { cloud, cloudConfigFile, api, apiKey, office } = await startCloud(nats, steps, sections);
    const { site, speed } = await buildSite({ ...options, midnightMs }, join(nats.dir, "site"));
    steps.push(() => site.stop());
    const edge = describeGateway(options, { nats, site });
    const agent = createChild({
      args: [join(ROOT, "edge-agent/main.ts"), "run", "--config", edge.configFile],
      logFile: join(nats.dir, "agent.log"),
      env: options.testHooks === undefined ? {} : { CLOCKLEAF_TEST_HOOKS: "1" },
    });
    steps.push(() => agent.stop());
    await register(api, { nats, site });
    await payFor(office, site);
    return {
      gateway: GATEWAY,
      api,
      apiKey,
      office,
      mails,
      monday,
      nats,
      site,
      agent,
      cloud,
      cloudConfigFile,
      speed,
      stop,
      journalFile: edge.journalFile,
      runtimeDir: edge.runtimeDir,
      async begin() {
        site.start();
        const wallStartMs = site.clock.startedAtMs() ?? Date.now();
        edge.write({ source: "simulated", startAtMs: site.clock.startAtMs, wallStartMs, speed });
        agent.start();
      },
      async toRealTime() {
        await agent.stop();
        edge.write({ source: "system" });
        agent.start();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function storeOf(
  { store }: PlantOptions,
  steps: Array<() => Promise<void> | void>,
): Promise<object> {
  if (store !== "postgres") return {};
  const postgres = await startPostgres();
  steps.push(() => postgres.stop());
  return { readModels: { kind: "postgres", url: postgres.url } };
}

async function startCloud(
  nats: NatsSite,
  steps: Array<() => Promise<void> | void>,
  sections: object,
): Promise<{
  cloud: Child;
  cloudConfigFile: string;
  api: ApiClient;
  apiKey: string;
  office: Office;
}> {
  const { keys, entries } = createOfficeKeys();
  const port = await freePort();
  const configFile = join(nats.dir, "cloud.yaml");
  const config = {
    configVersion: 1,
    tenant: GATEWAY.tenant,
    dataDir: join(nats.dir, "cloud"),
    nats: { servers: [nats.hub.url], seedFile: nats.deployment.seedFile("cloud-all") },
    http: { host: "127.0.0.1", port },
    apiKeys: entries,
    rules: RULES,
    ...sections,
  };
  writeFileSync(configFile, stringify(config));
  const cloud = createChild({
    args: [join(ROOT, "cloud/main.ts"), "--config", configFile],
    logFile: join(nats.dir, "cloud.log"),
  });
  steps.push(() => cloud.stop());
  cloud.start();
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => (await fetch(`${url}/readyz`)).ok, {
    what: "the cloud to be ready",
    timeoutMs: 30_000,
  }).catch((error: unknown) => {
    throw new Error(`the cloud did not start:\n${cloud.tail()}`, { cause: error });
  });
  const api = createApiClient(url, keys.hr);
  return { cloud, cloudConfigFile: configFile, api, apiKey: keys.hr, office: officeOf(api, keys) };
}

/** The site's first and last tap decide how fast its clock must run to be through in `dayMs`. */
async function buildSite(
  options: PlantOptions & { readonly midnightMs: number },
  dir: string,
): Promise<{ site: SimulatedSite; speed: number }> {
  const { seed, people, midnightMs } = options;
  const shape = { seed, people, midnightMs };
  const draft = await createSite({
    ...shape,
    dir: sub(dir, "draft"),
    speed: 1,
    startAtMs: midnightMs,
  });
  const [first, last] = [draft.plan.at(0)?.atMs ?? 0, draft.plan.at(-1)?.atMs ?? 0];
  await draft.stop();
  const speed = Math.ceil((last - first) / options.dayMs);
  const site = await createSite({
    ...shape,
    dir: sub(dir, "live"),
    speed,
    startAtMs: Math.max(midnightMs, first - LEAD_MS * speed),
  });
  return { site, speed };
}

interface GatewayFiles {
  readonly configFile: string;
  readonly journalFile: string;
  readonly runtimeDir: string;
  write(clock: unknown): void;
}

function describeGateway(
  options: PlantOptions,
  { nats, site }: { readonly nats: NatsSite; readonly site: SimulatedSite },
): GatewayFiles {
  const dir = sub(nats.dir, "gateway");
  const files = {
    configFile: join(dir, "gateway.yaml"),
    journalFile: join(dir, "journal.db"),
    runtimeDir: join(dir, "run"),
  };
  const lines = Object.entries(site.serialPaths).map(([bus, path]) => ({
    driver: "osdp",
    port: { serial: { path, baudRate: 115_200 } },
    settings: {
      readers: site.readers.flatMap((reader) => {
        if (reader.kind !== "osdp" || reader.bus !== bus) return [];
        const keyFile = join(dir, `${reader.id}.scbk`);
        writeFileSync(keyFile, reader.scbkHex);
        chmodSync(keyFile, 0o600);
        const direction = reader.direction ?? "none";
        return [
          { id: reader.id, address: reader.address, keyFile, direction, keypad: "badge-number" },
        ];
      }),
    },
  }));
  const desks = site.readers.flatMap((reader) =>
    reader.kind === "hid"
      ? [
          {
            driver: "hid-keyboard",
            port: { hidSocket: { path: reader.socketPath } },
            settings: { reader: reader.id, hint: reader.direction },
          },
        ]
      : [],
  );
  return {
    ...files,
    write(clock) {
      const config = {
        configVersion: 1,
        ...GATEWAY,
        runtimeDir: files.runtimeDir,
        page: { port: 0 }, // `clockleaf-edge page` tells which
        directoryFile: join(dir, "directory.db"),
        journal: { path: files.journalFile },
        nats: {
          servers: [nats.leaf(GATEWAY).server.url],
          seedFile: nats.deployment.gateway(GATEWAY).seedFile,
        },
        clock,
        lines: [...lines, ...desks],
        ...(options.testHooks === undefined ? {} : { testHooks: options.testHooks }),
      };
      writeFileSync(files.configFile, stringify(config));
    },
  };
}

/** What an admin does before the first day: the gateway, the people, their badges. */
async function register(
  api: ApiClient,
  { nats, site }: { readonly nats: NatsSite; readonly site: SimulatedSite },
): Promise<void> {
  await api.send("PUT", `/gateways/${GATEWAY.site}/${GATEWAY.gateway}`, {
    publicKey: nats.deployment.gateway(GATEWAY).publicKey,
    name: "Plant 1, gate house",
    zone: ZONE,
  });
  const validFrom = new Date(site.clock.startAtMs - DAY_MS).toISOString();
  const hire = async (person: SimulatedSite["people"][number]): Promise<void> => {
    await api.send("POST", "/employees", {
      employeeId: person.id,
      email: `${person.id}@plant-1.example`,
      firstName: person.givenName,
      lastName: person.familyName,
      departmentId: person.shift === "night" ? "night-shift" : "day-shift",
      managerId: person.id === MANAGER ? null : MANAGER,
      jobTitle: "Operator",
      startDate: HIRED_ON,
      employmentType: "full-time",
      siteIds: [GATEWAY.site],
    });
    await api.send("POST", `/employees/${person.id}/badges`, {
      badge: person.badge.key,
      validFrom,
    });
    if (!person.withdrawn) return;
    await api.send("POST", `/employees/${person.id}/badges/${person.badge.key}/withdraw`, {
      validTo: new Date(site.clock.startAtMs).toISOString(),
      reason: "lost",
    });
  };
  const BATCH = 10;
  for (let index = 0; index < site.people.length; index += BATCH) {
    await Promise.all(site.people.slice(index, index + BATCH).map(hire));
  }
}

/** Date of the Monday on or before an instant, by UTC. */
function mondayOf(atMs: number): string {
  const day = Math.floor(atMs / DAY_MS);
  // 1970-01-01 was a Thursday.
  const monday = day - ((day + 3) % 7);
  return new Date(monday * DAY_MS).toISOString().slice(0, 10);
}

async function payFor(office: Office, site: SimulatedSite): Promise<void> {
  const people = site.people.map(({ id, givenName, familyName }) => ({
    id,
    holder: `${givenName} ${familyName}`,
  }));
  await enterPay(office, people, HIRED_ON);
}

function sub(dir: string, name: string): string {
  const path = join(dir, name);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}
