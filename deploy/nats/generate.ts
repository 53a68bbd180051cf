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
  type CloudRole,
  gatewayPermissions,
  ownLastSegment,
  type Permissions,
  permissionsOf,
} from "./permissions.ts";

/**
 * nats-server configuration as text, nothing but functions of their options. Values are written as JSON, which
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
export const LEAF_FILES = { main: "leaf.conf", secret: "gateway-nkey.conf" } as const;

const CLOUD_ACCOUNT = "CLOCKLEAF";
/** Older leaf servers do not enforce permissions on what they take in (fixed in nats-server 2.14.0). */
const MIN_LEAF_VERSION = "2.14.0";

export interface Listen {
  readonly host: string;
  readonly port: number;
}

/** PEM files. With `ca`, the other side must show a certificate signed by it. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
}

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

export interface LeafOptions {
  readonly gateway: GatewayKey;
  /** Local programs connect here: the agent, on this machine only. */
  readonly port: number;
  /** The hub's leaf address: `nats://`, `tls://` or, where only 443 goes out, `wss://`. Several are tried in turn. */
  readonly hubUrls: readonly string[];
  /** CA of the hub's certificate; needed with `tls://` and `wss://` unless a public authority signed it. */
  readonly hubCa?: string | undefined;
}

/** The gateway's own server: no JetStream, loopback only, one user, and the link to the hub. */
export function leafConfig(options: LeafOptions): string {
  const { gateway } = options;
  const isTls = options.hubUrls.some((url) => /^(tls|wss):/.test(url));
  const isWebsocket = options.hubUrls.some((url) => /^wss?:/.test(url));
  const remote = {
    urls: options.hubUrls,
    first_info_timeout: "5s",
    ...(isWebsocket ? { ws_compression: true } : { compression: "s2_auto" }),
    ...(isTls
      ? {
          tls: {
            ...optional("ca_file", options.hubCa, (file) => file),
            ...(isWebsocket ? {} : { handshake_first: true }),
          },
        }
      : {}),
  };
  return `# Leaf server of gateway ${gatewayAccount(gateway)}, made by deploy/nats/main.ts; change it there.
${settings({
  server_name: `leaf-${gateway.tenant}-${gateway.site}-${gateway.gateway}`,
  listen: address({ host: "127.0.0.1", port: options.port }),
  max_payload: MAX_MESSAGE_BYTES,
  max_connections: 32,
  ping_interval: "10s",
  ping_max: 2,
  authorization: { users: [user(gateway.publicKey, gatewayPermissions(gateway, HUB_DOMAIN))] },
})}
leafnodes {
  reconnect: "1s"
  remotes: [ {
${settings(remote)}
    include "./${LEAF_FILES.secret}"
  } ]
}
`;
}

/** `gateway-nkey.conf`: the seed with which the leaf logs in to the hub. A secret: mode 0600. */
export const leafSecretConfig = (seed: string): string => `nkey: ${json(seed)}\n`;

function user(publicKey: string, permissions: Permissions): object {
  return {
    nkey: publicKey,
    permissions: {
      publish: { allow: permissions.publish },
      subscribe: { allow: permissions.subscribe },
    },
  };
}

const address = (listen: Listen): string => `${listen.host}:${listen.port}`;

const tls = (files: TlsFiles): object => ({
  cert_file: files.cert,
  key_file: files.key,
  ...optional("ca_file", files.ca, (file) => file),
  ...(files.ca === undefined ? {} : { verify: true }),
});

const websocket = (options: Listen & { readonly tls?: TlsFiles }): object => ({
  listen: address(options),
  compression: true,
  ...(options.tls === undefined ? { no_tls: true } : { tls: tls(options.tls) }),
});

function optional<T>(key: string, value: T | undefined, build: (value: T) => unknown): object {
  return value === undefined ? {} : { [key]: build(value) };
}

const json = (value: unknown): string => JSON.stringify(value, undefined, 2);

const settings = (values: object): string =>
  Object.entries(values)
    .map(([key, value]) => `${key}: ${json(value)}`)
    .join("\n");
