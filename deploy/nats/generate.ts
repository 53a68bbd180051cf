import {
  ALL_HEARTBEATS,
  ALL_ROSTER_CHANGES,
  ALL_ROSTER_READS,
  CLOCK_SUBJECTS,
  type GatewayAddress,
  gatewayCommandSubject,
  HUB_DOMAIN,
  heartbeatSubject,
  resentSubject,
  rosterChangedSubject,
  rosterReadSubject,
  STREAMS,
  segmentSubject,
} from "@clockleaf/shared/subjects.ts";
import { MAX_MESSAGE_BYTES } from "@clockleaf/shared/wire/codec.ts";
import {
  address,
  json,
  type Listen,
  optional,
  settings,
  type TlsFiles,
  tls,
  user,
} from "./config-text.ts";
import {
  type CloudRole,
  gatewayPermissions,
  ownLastSegment,
  permissionsOf,
} from "./permissions.ts";

/**
 * The hub's nats-server configuration as text, nothing but functions of their options. Values are written as JSON, which
 * nats-server reads as it is, so nothing needs escaping and `$JS…` is never taken for a variable.
 *
 *   hub.conf ── include ──▶ cloud-users.conf       users of the account CLOCKLEAF: one per cloud role
 *            ├─ include ──▶ gateway-imports.conf   commands from the cloud to each gateway
 *            ├─ include ──▶ gateways.conf          one account per gateway
 *            └─ include ──▶ cluster.conf           where its peers are and how they know each other (a cluster only)
 *
 * A gateway is enrolled or revoked by writing the last two anew and reloading the hub (`SIGHUP`).
 */
export const HUB_FILES = {
  main: "hub.conf",
  cloudUsers: "cloud-users.conf",
  gatewayImports: "gateway-imports.conf",
  gateways: "gateways.conf",
  cluster: "cluster.conf",
} as const;

const CLOUD_ACCOUNT = "CLOCKLEAF";
/** Older leaf servers do not enforce permissions on what they take in (fixed in nats-server 2.14.0). */
const MIN_LEAF_VERSION = "2.14.0";

/** Servers that together are one hub: each stream has three copies, and any one server may be missing. */
export interface ClusterOptions {
  readonly name: string;
  /** Where its peers reach this server; a network that only they are on, or TLS with `ca` for both sides. */
  readonly listen: Listen & { readonly tls?: TlsFiles };
  /** `host:port` of every server's `listen`; its own may be among them. */
  readonly peers: readonly string[];
}

export interface HubOptions {
  /** Unique within a cluster. */
  readonly serverName: string;
  /** Cloud processes connect here. */
  readonly clients: Listen & { readonly tls?: TlsFiles };
  /** Leaf servers of gateways connect here; without TLS only on a network that nobody else can read. */
  readonly leafs: Listen & { readonly tls?: TlsFiles };
  /** Leaf servers over WebSocket, for sites where only port 443 goes out (`wss://hub:443`). */
  readonly websocket?: Listen & { readonly tls?: TlsFiles };
  readonly cluster?: ClusterOptions;
  /** Health and metrics over HTTP; loopback only, it has no authentication. */
  readonly monitor?: Listen;
  readonly storeDir: string;
  /** Upper bounds of all streams together, bytes. */
  readonly maxFileBytes: number;
  readonly maxMemoryBytes: number;
  /** Public key of the operator who may look into the server itself (`$SYS`). */
  readonly operatorPublicKey: string;
}

/** The hub's main file. Every acknowledgement means fsynced: `sync_interval: always`. */
export function hubConfig(options: HubOptions): string {
  return `# Hub of Clockleaf, made by deploy/nats/main.ts; change it there.
${settings({
  server_name: options.serverName,
  listen: address(options.clients),
  max_payload: MAX_MESSAGE_BYTES,
  ping_interval: "10s",
  ping_max: 2,
  ...optional("http", options.monitor, address),
  ...optional("tls", options.clients.tls, tls),
  ...optional("websocket", options.websocket, websocket),
  jetstream: {
    store_dir: options.storeDir,
    domain: HUB_DOMAIN,
    sync_interval: "always",
    max_file: options.maxFileBytes,
    max_mem: options.maxMemoryBytes,
  },
  leafnodes: {
    listen: address(options.leafs),
    min_version: MIN_LEAF_VERSION,
    isolate_leafnode_interest: true,
    // Else a leaf that reconnects also tries the hub's own address, past whatever the site's way to it is.
    no_advertise: true,
    compression: "s2_auto",
    // The leaf must say handshake_first as well, or the two wait for each other.
    ...optional("tls", options.leafs.tls, (files) => ({ ...tls(files), handshake_first: true })),
  },
  system_account: "SYS",
})}
accounts {
  SYS { users: ${json([{ nkey: options.operatorPublicKey }])} }
  ${CLOUD_ACCOUNT} {
    jetstream: enabled
    include "./${HUB_FILES.cloudUsers}"
    exports: ${json(CLOUD_EXPORTS)}
    include "./${HUB_FILES.gatewayImports}"
  }
  include "./${HUB_FILES.gateways}"
}
${options.cluster === undefined ? "" : `include "./${HUB_FILES.cluster}"\n`}`;
}

/** `cluster.conf`. A secret: whoever knows the password is a server of the cluster. Mode 0600. */
export function clusterConfig(cluster: ClusterOptions, password: string): string {
  const login = { user: "route", password };
  return `${settings({
    cluster: {
      name: cluster.name,
      listen: address(cluster.listen),
      authorization: login,
      routes: cluster.peers.map((peer) => `nats-route://${login.user}:${password}@${peer}`),
      ...optional("tls", cluster.listen.tls, tls),
    },
  })}\n`;
}

/** What gateways' accounts may take from the cloud's account; each takes only the part that names it. */
const CLOUD_EXPORTS = [
  ...CLOCK_SUBJECTS.map((subject) => ({ service: subject })),
  { service: `$JS.API.DIRECT.GET.${STREAMS.clock}.${CLOCK_SUBJECTS[0]}` },
  { service: ALL_HEARTBEATS },
  { service: ALL_ROSTER_READS },
  { stream: ALL_ROSTER_CHANGES },
];

export interface CloudUser {
  readonly role: CloudRole;
  readonly publicKey: string;
}

/** `cloud-users.conf`: one user per role. */
export function cloudUsersConfig(users: readonly CloudUser[]): string {
  return `users: ${json(users.map(({ role, publicKey }) => user(publicKey, permissionsOf(role))))}\n`;
}

export interface GatewayKey extends GatewayAddress {
  readonly publicKey: string;
}

/** The name of a gateway's account. Ids hold no slash, so no two gateways share one. */
export const gatewayAccount = (g: GatewayAddress): string => `${g.tenant}/${g.site}/${g.gateway}`;

/**
 * `gateways.conf`: an account per gateway. A user's permissions alone are not enough: they say nothing about the
 * reply subject of a request, and the hub's JetStream answers wherever that points, also into a stream. In an account
 * of its own a gateway's replies reach nobody but itself.
 */
export function gatewaysConfig(gateways: readonly GatewayKey[]): string {
  return gateways
    .map((gateway) => `${json(gatewayAccount(gateway))} ${json(gatewayAccountBody(gateway))}\n`)
    .join("");
}

function gatewayAccountBody(gateway: GatewayKey): object {
  const service = (subject: string): object => ({ service: { account: CLOUD_ACCOUNT, subject } });
  const { tenant, site } = gateway;
  return {
    users: [user(gateway.publicKey, gatewayPermissions(gateway, HUB_DOMAIN))],
    exports: [{ service: gatewayCommandSubject(gateway, "*"), accounts: [CLOUD_ACCOUNT] }],
    imports: [
      service(segmentSubject(gateway)),
      service(resentSubject(gateway)),
      service(ownLastSegment(gateway)),
      service(heartbeatSubject(gateway)),
      service(rosterReadSubject(tenant, site)),
      { stream: { account: CLOUD_ACCOUNT, subject: rosterChangedSubject(tenant, site) } },
    ],
  };
}

/** `gateway-imports.conf`: the cloud's way to each gateway's commands. */
export function gatewayImportsConfig(gateways: readonly GatewayKey[]): string {
  const imports = gateways.map((gateway) => ({
    service: {
      account: gatewayAccount(gateway),
      subject: gatewayCommandSubject(gateway, "*"),
    },
  }));
  return `imports: ${json(imports)}\n`;
}

const websocket = (options: Listen & { readonly tls?: TlsFiles }): object => ({
  listen: address(options),
  compression: true,
  ...(options.tls === undefined ? { no_tls: true } : { tls: tls(options.tls) }),
});
