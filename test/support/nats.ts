import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { delimiter, join } from "node:path";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { connectNats } from "@clockleaf/shared/lib/nats-connection.ts";
import { CLOUD_INBOX, type GatewayAddress, gatewayInbox } from "@clockleaf/shared/subjects.ts";
import type { NatsConnection } from "nats";
import { type Deployment, type HubSettings, initDeployment } from "../../deploy/nats/init.ts";
import type { CloudRole } from "../../deploy/nats/permissions.ts";
import type { NewTerminals } from "../../deploy/nats/terminal-keys.ts";
import { eventually } from "./eventually.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";
import { tempDir } from "./temp.ts";

const READY_MS = 15_000;
const PORT_TRIES = 5;

/** The nats-server to test with: `CLOCKLEAF_NATS_SERVER`, the one `make setup` fetched, or the one on PATH. */
export function findNatsServer(): string | undefined {
  const named = process.env["CLOCKLEAF_NATS_SERVER"];
  const onPath = (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((dir) => join(dir, "nats-server"));
  const fetched = join(import.meta.dirname, "../../.tools/bin/nats-server");
  return [named, fetched, ...onPath].find((file) => file !== undefined && existsSync(file));
}

/** A nats-server process. It dies with this process at the latest. */
export interface ServerProcess {
  readonly port: number;
  readonly url: string;
  pid(): number;
  /** Everything the server logged since it was first started. */
  log(): string;
  /** `kill -9`: nothing gets a chance to be saved. */
  kill(): Promise<void>;
  /** Orderly stop. */
  stop(): Promise<void>;
  /** Starts it again on the same port with the same files; resolves when it serves. */
  start(): Promise<void>;
  /** Reads its configuration again; resolves when that is done. Throws if the server refuses it. */
  reload(): Promise<void>;
  /** Stops it in its tracks (`SIGSTOP`), connections stay open; `thaw` lets it go on. */
  freeze(): void;
  thaw(): void;
}

/** Starts nats-server with a configuration file. Resolves when it serves, streams recovered. */
export async function startServer(configFile: string, port: number): Promise<ServerProcess> {
  const binary = findNatsServer();
  if (binary === undefined) throw new Error("nats-server not found; run `make setup`");
  let log = "";
  let child: ChildProcess | undefined;
  let listeners: Array<() => void> = [];

  const logged = (pattern: RegExp, from: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`nats-server did not log ${pattern} in time:\n${log.slice(from)}`)),
        READY_MS,
      );
      const check = (): void => {
        const isOver = child === undefined || child.exitCode !== null;
        if (!pattern.test(log.slice(from)) && !isOver) return;
        clearTimeout(timer);
        listeners = listeners.filter((other) => other !== check);
        if (pattern.test(log.slice(from))) resolve();
        else reject(new Error(`nats-server ended:\n${log.slice(from)}`));
      };
      listeners.push(check);
      check();
    });
  const start = async (): Promise<void> => {
    const from = log.length;
    const started = spawn(binary, ["-c", configFile], { stdio: ["ignore", "ignore", "pipe"] });
    child = started;
    const killLast = (): void => void started.kill("SIGKILL");
    process.once("exit", killLast);
    started.stderr.setEncoding("utf8").on("data", (text: string) => {
      log += text;
      for (const listener of listeners) listener();
    });
    started.once("close", () => {
      process.off("exit", killLast);
      for (const listener of listeners) listener();
    });
    await logged(/Server is ready/, from);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const closed = once(ending, "close");
    ending.kill("SIGCONT");
    ending.kill(signal);
    await closed;
  };

  await start();
  return {
    port,
    url: `nats://127.0.0.1:${port}`,
    pid: () => child?.pid ?? -1,
    log: () => log,
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
    start,
    async reload() {
      const from = log.length;
      child?.kill("SIGHUP");
      await logged(/Reloaded server configuration|Failed to reload/, from);
      if (log.slice(from).includes("Failed to reload")) throw new Error(log.slice(from));
    },
    freeze: () => void child?.kill("SIGSTOP"),
    thaw: () => void child?.kill("SIGCONT"),
  };
}

/** A port nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

export const TEST_GATEWAY: GatewayAddress = { tenant: "acme", site: "hq", gateway: "gw1" };

export interface SiteOptions {
  /** Enrolled at the hub; each has its own leaf configuration. {@link TEST_GATEWAY} alone unless told. */
  readonly gateways?: readonly GatewayAddress[];
  /** Gateways whose leaf server is started; all of them unless told. */
  readonly leafs?: readonly GatewayAddress[];
  /** Terminals that publish by themselves, enrolled at every gateway; `mqtt`: also over MQTT. */
  readonly terminals?: { readonly ids: readonly string[]; readonly mqtt: boolean };
  /** 3 = a cluster with three copies of every stream. `CLOCKLEAF_TEST_HUBS` says it for a whole run; 1 unless told. */
  readonly servers?: 1 | 3;
}

export interface Leaf {
  readonly server: ServerProcess;
  /** Stands between this leaf server and the hub. */
  readonly link: TcpProxy;
  /** Where terminals reach it over MQTT, if any do. */
  readonly mqttPort: number;
}

/** A hub with leaf servers, keys and permissions as `deploy/nats/` ships them. */
export interface Site extends AsyncDisposable {
  /** Its first server, where it is a cluster. */
  readonly hub: ServerProcess;
  /** All servers of the hub. */
  readonly hubs: readonly ServerProcess[];
  /** Where the hub's leafs connect, without a proxy between. */
  readonly hubLeafPort: number;
  readonly deployment: Deployment;
  /** Folder of everything, removed by `stop`. */
  readonly dir: string;
  leaf(gateway?: GatewayAddress): Leaf;
  /** Connects a cloud role to the hub; closed by `stop`. */
  connectCloud(role: CloudRole): Promise<NatsConnection>;
  /** Connects with a gateway's key to its leaf server, or straight to the hub as a thief would; closed by `stop`. */
  connectGateway(gateway?: GatewayAddress, to?: "leaf" | "hub"): Promise<NatsConnection>;
  /** Makes a connection of one's own be closed by `stop`. */
  closeLater(nc: NatsConnection): NatsConnection;
  stop(): Promise<void>;
}

/** Starts a hub alone: the cloud's half, without gateways. */
export const startHub = (): Promise<Site> => startSite({ leafs: [] });

/** Starts a hub and leaf servers behind proxies, with fresh keys, in a temporary folder, on free loopback ports. */
export async function startSite(options: SiteOptions = {}): Promise<Site> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryStartSite(options);
    } catch (error) {
      // Somebody else took a port between choosing and using it.
      if (attempt >= PORT_TRIES || !String(error).includes("address already in use")) throw error;
    }
  }
}

function serversOfThisRun(): 1 | 3 {
  return process.env["CLOCKLEAF_TEST_HUBS"] === "3" ? 3 : 1;
}

async function listenAddress() {
  return { host: "127.0.0.1", port: await freePort() };
}

async function planHubs(count: 1 | 3): Promise<HubSettings[]> {
  const routes = await Promise.all(Array.from({ length: count }, listenAddress));
  const peers = routes.map(({ host, port }) => `${host}:${port}`);
  return await Promise.all(
    routes.map((listen, index) =>
      planHub(`hub-test-${index + 1}`, count === 1 ? undefined : { name: "test", listen, peers }),
    ),
  );
}

async function planHub(serverName: string, cluster: HubSettings["cluster"]): Promise<HubSettings> {
  return {
    serverName,
    clients: await listenAddress(),
    leafs: await listenAddress(),
    maxFileBytes: 64 * 1024 ** 3, // a limit, not a reservation on the disk
    maxMemoryBytes: 64 * 1024 ** 2,
    ...(cluster === undefined ? {} : { cluster }),
  };
}

/** Until the servers of a cluster have found each other and agreed on who keeps the books. */
async function clusterReady(hubs: readonly ServerProcess[]): Promise<void> {
  await eventually(() => hubs.some((each) => /new metadata leader/.test(each.log())), {
    what: "the cluster to choose its leader",
    timeoutMs: 30_000,
  });
}

function terminalsAt(
  { terminals }: SiteOptions,
  port: number,
  storeDir: string,
): NewTerminals | undefined {
  if (terminals === undefined) return undefined;
  const { ids, mqtt } = terminals;
  return mqtt ? { ids, mqtt: { listen: { host: "127.0.0.1", port }, storeDir } } : { ids };
}

async function tryStartSite(options: SiteOptions): Promise<Site> {
  const gateways = options.gateways ?? [TEST_GATEWAY];
  const temp = tempDir("nats");
  const cleanUp: Array<() => Promise<void> | void> = [() => temp.remove()];
  const stop = async (): Promise<void> => {
    for (const step of cleanUp.splice(0).toReversed()) await step();
  };
  try {
    const servers = await planHubs(options.servers ?? serversOfThisRun());
    const [firstHub, ...peers] = servers;
    if (firstHub === undefined) throw new Error("a hub has a server");
    const hubLeafPort = firstHub.leafs.port;
    const planned = [];
    for (const gateway of gateways) {
      const link = await startTcpProxy(() => hubLeafPort);
      cleanUp.push(() => link.close());
      planned.push({ gateway, link, port: await freePort(), mqttPort: await freePort() });
    }
    const deployment = initDeployment({
      dir: temp.path,
      hub: firstHub,
      peers,
      gateways: planned.map(({ gateway, link, port, mqttPort }) => ({
        ...gateway,
        port,
        hubUrls: [`nats://127.0.0.1:${link.port}`],
        terminals: terminalsAt(options, mqttPort, join(temp.path, `mqtt-${gateway.gateway}`)),
      })),
    });
    const hubs = await Promise.all(
      deployment.hubConfigs.map(async (file, index) => {
        const started = await startServer(file, servers[index]?.clients.port ?? 0);
        cleanUp.push(() => started.kill());
        return started;
      }),
    );
    const [hub] = hubs;
    if (hub === undefined) throw new Error("a hub has a server");
    if (hubs.length > 1) await clusterReady(hubs);
    const leafs = new Map<string, Leaf>();
    for (const { gateway, link, port, mqttPort } of planned) {
      if (!(options.leafs ?? gateways).some((wanted) => wanted.gateway === gateway.gateway))
        continue;
      const server = await startServer(deployment.gateway(gateway).leafConfig, port);
      cleanUp.push(() => server.kill());
      leafs.set(gateway.gateway, { server, link, mqttPort });
    }
    const linked = (): number => hub.log().split("Leafnode connection created").length - 1;
    await eventually(() => linked() >= leafs.size, { what: "leaf servers linked to the hub" });

    const closeLater = (nc: NatsConnection): NatsConnection => {
      cleanUp.push(() => nc.close());
      return nc;
    };
    const leaf = (gateway = TEST_GATEWAY): Leaf => {
      const found = leafs.get(gateway.gateway);
      if (found === undefined) throw new Error(`no leaf server for ${gateway.gateway}`);
      return found;
    };
    const log = silentLog();
    return {
      hub,
      hubs,
      hubLeafPort,
      deployment,
      dir: temp.path,
      leaf,
      closeLater,
      connectCloud: async (role) =>
        closeLater(
          await connectNats({
            servers: hubs.map(({ url }) => url),
            seedFile: deployment.seedFile(role),
            name: role,
            inboxPrefix: CLOUD_INBOX,
            log,
          }),
        ),
      connectGateway: async (gateway = TEST_GATEWAY, to = "leaf") =>
        closeLater(
          await connectNats({
            servers: [to === "hub" ? hub.url : leaf(gateway).server.url],
            seedFile: deployment.gateway(gateway).seedFile,
            name: gateway.gateway,
            inboxPrefix: gatewayInbox(gateway),
            log,
          }),
        ),
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
