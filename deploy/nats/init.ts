import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { type GatewayAddress, tokenSchema } from "@clockleaf/shared/subjects.ts";
import { publicNkeyOfSeed } from "@clockleaf/shared/wire/nkey.ts";
import { z } from "zod";
import { keyIn, secretIn, seedIn, write } from "./files.ts";
import {
  cloudUsersConfig,
  clusterConfig,
  gatewayAccount,
  gatewayImportsConfig,
  gatewaysConfig,
  HUB_FILES,
  type HubOptions,
  hubConfig,
} from "./generate.ts";
import { LEAF_FILES, leafConfig, leafSecretConfig } from "./leaf.ts";
import { CLOUD_ROLES, type CloudRole } from "./permissions.ts";
import {
  enrolTerminals,
  type NewTerminals,
  type TerminalFiles,
  terminalFiles,
} from "./terminal-keys.ts";

export type HubSettings = Omit<HubOptions, "storeDir" | "operatorPublicKey">;

export interface NewGateway extends GatewayAddress {
  /** Loopback port of its leaf server. */
  readonly port: number;
  /** The hub's leaf address, as seen from the gateway. */
  readonly hubUrls: readonly string[];
  readonly hubCa?: string | undefined;
  /** Terminals that publish by themselves to its leaf server. */
  readonly terminals?: NewTerminals | undefined;
}

export interface InitOptions {
  readonly dir: string;
  readonly hub: HubSettings;
  /** The other servers of its cluster; none = it stands alone. */
  readonly peers?: readonly HubSettings[];
  /** Added to those already there; one that is there gets its new addresses and keeps its key. */
  readonly gateways: readonly NewGateway[];
}

/** Where `initDeployment` put things. Seeds are secrets (mode 0600); everything else may be read by anyone. */
export interface Deployment {
  readonly hubConfig: string;
  /** Of every server, the first one's included. */
  readonly hubConfigs: readonly string[];
  seedFile(role: CloudRole | "operator"): string;
  gateway(address: GatewayAddress): GatewayFiles;
}

export interface GatewayFiles {
  readonly leafConfig: string;
  readonly seedFile: string;
  readonly publicKey: string;
  readonly terminals: TerminalFiles;
}

const registrySchema = z.strictObject({
  gateways: z.array(
    z.strictObject({
      tenant: tokenSchema,
      site: tokenSchema,
      gateway: tokenSchema,
      publicKey: z.string().regex(/^U[A-Z2-7]{55}$/),
    }),
  ),
});
type Registry = z.output<typeof registrySchema>;

/**
 * Writes keys and configurations of a hub and its gateways under `dir`:
 *
 *   gateways.json                           who is enrolled: ids and public keys
 *   keys/<role>.nk                          seeds of the cloud roles and the operator
 *   hub/hub.conf (and what it includes)     the hub; its streams go to hub/jetstream/
 *   hub-2/, hub-3/                          its peers, if it is a cluster
 *   gateways/<tenant>.<site>.<gateway>/     leaf.conf, its secret, the agent's seed, and those of terminals
 *
 * Run again it keeps every key and every enrolled gateway, so it also adds gateways: reload the hub afterwards.
 * Throws `config.invalid` for a damaged `gateways.json`.
 */
export function initDeployment(options: InitOptions): Deployment {
  const dir = resolve(options.dir);
  const keysDir = join(dir, "keys");
  mkdirSync(keysDir, { recursive: true, mode: 0o700 });

  const seedFile = (role: string): string => join(keysDir, `${role}.nk`);
  const cloudUsers = CLOUD_ROLES.map((role) => ({ role, publicKey: keyIn(seedFile(role)) }));
  const operatorPublicKey = keyIn(seedFile("operator"));

  const registry = enrol(dir, options.gateways);
  const routePassword = secretIn(join(keysDir, "cluster.secret"));
  const servers = [options.hub, ...(options.peers ?? [])];
  const hubConfigs = servers.map((hub, index) => {
    const hubDir = join(dir, index === 0 ? "hub" : `hub-${index + 1}`);
    mkdirSync(hubDir, { recursive: true, mode: 0o700 });
    write(join(hubDir, HUB_FILES.cloudUsers), cloudUsersConfig(cloudUsers));
    write(join(hubDir, HUB_FILES.gateways), gatewaysConfig(registry.gateways));
    write(join(hubDir, HUB_FILES.gatewayImports), gatewayImportsConfig(registry.gateways));
    if (hub.cluster !== undefined) {
      write(join(hubDir, HUB_FILES.cluster), clusterConfig(hub.cluster, routePassword), 0o600);
    }
    const storeDir = hubDir; // nats-server puts its own folder `jetstream` there
    const mainFile = join(hubDir, HUB_FILES.main);
    write(mainFile, hubConfig({ ...hub, storeDir, operatorPublicKey }));
    return mainFile;
  });

  return {
    hubConfig: hubConfigs[0] ?? "",
    hubConfigs,
    seedFile,
    gateway: (address) => gatewayFiles(dir, address),
  };
}

/** Makes keys and leaf configurations of `gateways` and adds them to the registry. */
function enrol(dir: string, gateways: readonly NewGateway[]): Registry {
  const enrolled = new Map(
    readRegistry(dir).gateways.map((gateway) => [gatewayAccount(gateway), gateway]),
  );
  for (const added of gateways) {
    const { tenant, site, gateway } = added;
    const folder = gatewayFolder(dir, added);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const seedFile = join(folder, "gateway.nk");
    const entry = { tenant, site, gateway, publicKey: keyIn(seedFile) };
    enrolled.set(gatewayAccount(added), entry);
    const terminals =
      added.terminals === undefined ? undefined : enrolTerminals(folder, added.terminals);
    write(join(folder, LEAF_FILES.main), leafConfig({ ...added, gateway: entry, terminals }));
    write(join(folder, LEAF_FILES.secret), leafSecretConfig(seedIn(seedFile)), 0o600);
  }
  const registry = { gateways: [...enrolled.values()] };
  write(join(dir, "gateways.json"), `${JSON.stringify(registry, undefined, 2)}\n`);
  return registry;
}

function readRegistry(dir: string): Registry {
  const file = join(dir, "gateways.json");
  if (!existsSync(file)) return { gateways: [] };
  try {
    return registrySchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new PlatformError("config.invalid", `${file} is damaged`, { cause: error });
  }
}

const gatewayFolder = (dir: string, g: GatewayAddress): string =>
  join(dir, "gateways", `${g.tenant}.${g.site}.${g.gateway}`);

function gatewayFiles(dir: string, address: GatewayAddress): GatewayFiles {
  const folder = gatewayFolder(dir, address);
  const seedFile = join(folder, "gateway.nk");
  return {
    leafConfig: join(folder, LEAF_FILES.main),
    seedFile,
    publicKey: publicNkeyOfSeed(seedIn(seedFile)),
    terminals: terminalFiles(folder),
  };
}
