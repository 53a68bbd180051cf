import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { codeOf, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import type { TlsFiles } from "./config-text.ts";
import { type GatewayFiles, type HubSettings, initDeployment, type NewGateway } from "./init.ts";
import type { NewTerminals } from "./terminal-keys.ts";

const HELP = `node deploy/nats/main.ts init --dir DIR --tenant T --site S [--gateway G …] [options]

Writes keys and nats-server configurations for a hub and its gateways; run again to add gateways, no key changes.
Then: nats-server -c DIR/hub/hub.conf, and on each gateway nats-server -c leaf.conf (reload a running hub: SIGHUP).

  --dir DIR               where to write; holds secrets
  --tenant, --site        ids of company and place
  --gateway G             id of a gateway; may be repeated; none = the hub alone
  --gateway-port N        loopback port of the first gateway's leaf server, the next ones follow (4223)

Terminals that publish by themselves to the leaf server of one gateway (as given now; keys and passwords are kept):
  --terminal R            id of a reader; may be repeated
  --terminal-host HOST    address the leaf server listens on for them, instead of on loopback only
  --mqtt HOST:PORT        for terminals that speak MQTT; this makes the leaf server keep their sessions on disk
  --mqtt-cert FILE --mqtt-key FILE  TLS for it; without, passwords cross the network as they are
  --mqtt-store DIR        where the leaf server keeps the sessions (/var/lib/nats-server/mqtt)

  --cluster A,B,C         three hosts that together are the hub; one folder for each (hub, hub-2, hub-3)
  --cluster-port N        where they reach each other (6222)

The hub (as given now; not remembered from the last run):
  --hub-host HOST         address it listens on (127.0.0.1)
  --hub-port N            for cloud processes (4222)
  --leaf-port N           for leaf servers (7422)
  --websocket-port N      for leaf servers where only wss goes out (none)
  --monitor-port N        health and metrics over HTTP, on 127.0.0.1 (none)
  --hub-url URL           the hub as gateways see it, nats://, tls:// or wss:// (nats://HOST:LEAF-PORT); several with commas
  --cert FILE --key FILE  TLS certificate and key of the hub, for every listener
  --ca FILE               authority that signed it, for gateways
  --max-file-gib N        room for all streams (48)
  --max-memory-mib N      room for streams in memory (256)
`;

function main(args: readonly string[]): number {
  if (args.includes("--help")) {
    process.stdout.write(HELP);
    return 0;
  }
  try {
    process.stdout.write(init(args));
    return 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${codeOf(error)}: ${message}\n\n${HELP}`);
    return 2;
  }
}

const port = (name: string, text: string): number => numberIn(name, text, 65_535);

function init(args: readonly string[]): string {
  const values = read(args);
  const host = values["hub-host"];
  const tls = tlsFiles("", values.cert, values.key);
  const listen = (name: string, text: string) => ({
    host,
    port: port(name, text),
    ...(tls === undefined ? {} : { tls }),
  });
  const hosts = clusterHosts(values.cluster);
  const hubUrls =
    values["hub-url"]?.split(",") ??
    (hosts ?? [host]).map((name) => `nats://${name}:${values["leaf-port"]}`);
  const firstPort = port("gateway-port", values["gateway-port"]);
  const [tenant, site] = [id("tenant", values.tenant), id("site", values.site)];
  const addresses = (values.gateway ?? []).map((name) => id("gateway", name));
  const terminals = terminalsOf(values, addresses.length);
  const gateways = addresses.map(
    (gateway, index): NewGateway => ({
      terminals,
      tenant,
      site,
      gateway,
      port: firstPort + index,
      hubUrls,
      hubCa: values.ca === undefined ? undefined : resolve(values.ca),
    }),
  );
  const websocket = values["websocket-port"];
  const monitor = values["monitor-port"];
  const clusterPort = port("cluster-port", values["cluster-port"]);
  // Peers check each other, so both sides of a route need the authority.
  const peerTls =
    tls === undefined || values.ca === undefined ? {} : { tls: { ...tls, ca: resolve(values.ca) } };
  const server = (number: number): HubSettings => ({
    serverName: `hub-${number}`,
    clients: listen("hub-port", values["hub-port"]),
    leafs: listen("leaf-port", values["leaf-port"]),
    ...(websocket === undefined ? {} : { websocket: listen("websocket-port", websocket) }),
    ...(monitor === undefined
      ? {}
      : { monitor: { host: "127.0.0.1", port: port("monitor-port", monitor) } }),
    maxFileBytes: numberIn("max-file-gib", values["max-file-gib"], 1_000_000) * 1024 ** 3,
    maxMemoryBytes: numberIn("max-memory-mib", values["max-memory-mib"], 1_000_000) * 1024 ** 2,
    ...(hosts === undefined
      ? {}
      : {
          cluster: {
            name: "clockleaf",
            listen: { ...listen("cluster-port", values["cluster-port"]), ...peerTls },
            peers: hosts.map((name) => `${name}:${clusterPort}`),
          },
        }),
  });
  const deployment = initDeployment({
    dir: required("dir", values.dir),
    hub: server(1),
    peers: (hosts ?? []).slice(1).map((_, index) => server(index + 2)),
    gateways,
  });
  const shown = gateways.map((gateway) => filesOf(gateway, deployment.gateway(gateway)));
  return `hub\n  ${deployment.hubConfigs.join("\n  ")}\n${shown.join("")}`;
}

/** What goes to a gateway and into its terminals. */
function filesOf({ gateway, terminals: wanted }: NewGateway, files: GatewayFiles): string {
  const { leafConfig, seedFile, publicKey, terminals } = files;
  const ids = wanted?.ids ?? [];
  const secrets = ids.flatMap((terminal) => Object.values(terminals.terminal(terminal)));
  const reader = ids.length === 0 ? [] : [terminals.readerSeedFile];
  const shown = [leafConfig, seedFile, ...reader, ...secrets];
  return `gateway ${gateway} ${publicKey}\n  ${shown.join("\n  ")}\n`;
}

const withDefault = (value: string) => ({ type: "string", default: value }) as const;

function read(args: readonly string[]) {
  const text = { type: "string" } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        dir: text,
        tenant: text,
        site: text,
        gateway: { type: "string", multiple: true },
        "gateway-port": withDefault("4223"),
        terminal: { type: "string", multiple: true },
        "terminal-host": text,
        mqtt: text,
        "mqtt-cert": text,
        "mqtt-key": text,
        "mqtt-store": withDefault("/var/lib/nats-server/mqtt"),
        "hub-host": withDefault("127.0.0.1"),
        "hub-port": withDefault("4222"),
        "leaf-port": withDefault("7422"),
        "websocket-port": text,
        "monitor-port": text,
        "hub-url": text,
        cluster: text,
        "cluster-port": withDefault("6222"),
        cert: text,
        key: text,
        ca: text,
        "max-file-gib": withDefault("48"),
        "max-memory-mib": withDefault("256"),
      },
    });
    if (positionals.length !== 1 || positionals[0] !== "init") throw new Error("say: init");
    return values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new PlatformError("config.invalid", message, { cause: error });
  }
}

/** Ids of readers are unique on a gateway only, so terminals are enrolled gateway by gateway. */
function terminalsOf(values: ReturnType<typeof read>, gateways: number): NewTerminals | undefined {
  const ids = (values.terminal ?? []).map((name) => id("terminal", name));
  const { mqtt } = values;
  if (ids.length === 0 && mqtt === undefined) return undefined;
  if (gateways !== 1 || ids.length === 0) {
    throw new PlatformError(
      "config.invalid",
      "--terminal: with exactly one --gateway; --mqtt: with at least one --terminal",
    );
  }
  const host = values["terminal-host"];
  if (mqtt === undefined) return { host, ids };
  const files = tlsFiles("mqtt-", values["mqtt-cert"], values["mqtt-key"]);
  const [, mqttHost = "", mqttPort = ""] = /^(\S+):(\d+)$/.exec(mqtt) ?? [];
  const listen = {
    host: mqttHost,
    port: port("mqtt", mqttPort),
    ...(files === undefined ? {} : { tls: files }),
  };
  return { host, ids, mqtt: { listen, storeDir: values["mqtt-store"] } };
}

function required(name: string, value: string | undefined): string {
  if (value === undefined || value === "") {
    throw new PlatformError("config.invalid", `--${name} is missing`);
  }
  return value;
}

function id(name: string, value: string | undefined): string {
  const parsed = tokenSchema.safeParse(required(name, value));
  if (parsed.success) return parsed.data;
  throw new PlatformError("config.invalid", `--${name}: ${parsed.error.issues[0]?.message}`);
}

/** An odd number of servers can agree with one of them missing; more than three make every write slower. */
function clusterHosts(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const hosts = text.split(",").filter((host) => host !== "");
  if (hosts.length === 3 && new Set(hosts).size === 3) return hosts;
  throw new PlatformError("config.invalid", "--cluster: three different hosts, such as a,b,c");
}

function numberIn(name: string, text: string, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw new PlatformError("config.invalid", `--${name}: a number from 1 to ${max}, not "${text}"`);
}

function tlsFiles(
  prefix: string,
  cert: string | undefined,
  key: string | undefined,
): TlsFiles | undefined {
  if (cert === undefined && key === undefined) return undefined;
  if (cert !== undefined && key !== undefined) return { cert: resolve(cert), key: resolve(key) };
  const [one, other] = [`--${prefix}cert`, `--${prefix}key`];
  throw new PlatformError("config.invalid", `${one} and ${other} belong together`);
}

// Last, because the constants above are not there before they are reached.
process.exitCode = main(process.argv.slice(2));
