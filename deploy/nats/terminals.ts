import {
  address,
  allowed,
  type Listen,
  optional,
  type TlsFiles,
  tls,
  user,
} from "./config-text.ts";
import { terminalPermissions, terminalReaderPermissions } from "./permissions.ts";

/** Terminals that publish their punches by themselves to the leaf server, and the agent's driver that takes them. */
export interface TerminalOptions {
  /** Where the leaf server listens for them, instead of on loopback only. */
  readonly host?: string | undefined;
  /** Key of the agent's driver. */
  readonly readerPublicKey: string;
  readonly terminals: readonly TerminalUser[];
  readonly mqtt?: MqttOptions | undefined;
}

export interface TerminalUser {
  /** The reader's id, in the agent's configuration as well. */
  readonly id: string;
  /** Over NATS it proves that it holds the key; the key itself never crosses the wire. */
  readonly publicKey: string;
  /** Over MQTT it shows a password, of which the server has the hash only. */
  readonly passwordHash: string;
}

export interface MqttOptions {
  /** Without TLS only on a network that nobody else can read: MQTT sends the password itself. */
  readonly listen: Listen & { readonly tls?: TlsFiles };
  /** What nats-server keeps of MQTT sessions. Lost, terminals connect anew; no punch is in it. */
  readonly storeDir: string;
}

const ACCOUNT = "TERMINALS";
/** A terminal's message is a few hundred bytes, the longest that the driver reads 2 KiB. */
const MAX_PAYLOAD = 8 * 1024;
/** While a terminal reconnects, its former connection may still be there; MQTT and NATS each. */
const CONNECTIONS_EACH = 4;
const SUBSCRIPTIONS_EACH = 16;
/** Sessions of MQTT clients, a few hundred bytes each, and the least that nats-server's streams take. */
const SESSION_STORE = { max_mem: 0, max_file: 64 * 1024 * 1024 };

export interface TerminalConfig {
  readonly accounts: object;
  /** Settings of the server as a whole. */
  readonly server: object;
  /** How many connections may come on top. */
  readonly connections: number;
}

/**
 * An account of their own: the link to the hub is another account's, so nothing that a terminal sends can reach the hub, and
 * the JetStream that nats-server wants for MQTT is not seen by the uplink. Its domain is never the hub's.
 */
export function terminalConfig(serverName: string, options: TerminalOptions): TerminalConfig {
  const { terminals, mqtt, readerPublicKey } = options;
  const connections = CONNECTIONS_EACH * (terminals.length + 1);
  const account = {
    users: [
      { ...user(readerPublicKey, terminalReaderPermissions()), ...STANDARD },
      ...terminals.flatMap((terminal) => usersOf(terminal, mqtt !== undefined)),
    ],
    limits: {
      max_connections: connections,
      max_subscriptions: SUBSCRIPTIONS_EACH,
      max_payload: MAX_PAYLOAD,
    },
    ...(mqtt === undefined ? {} : { jetstream: SESSION_STORE }),
  };
  return {
    accounts: { [ACCOUNT]: account },
    server: mqtt === undefined ? {} : mqttServer(serverName, mqtt),
    connections,
  };
}

const STANDARD = { allowed_connection_types: ["STANDARD"] };

function usersOf({ id, publicKey, passwordHash }: TerminalUser, withMqtt: boolean): object[] {
  const permissions = terminalPermissions(id);
  const overNats = { ...user(publicKey, permissions), ...STANDARD };
  if (!withMqtt) return [overNats];
  const overMqtt = {
    user: id,
    password: passwordHash,
    permissions: allowed(permissions),
    allowed_connection_types: ["MQTT"],
  };
  return [overNats, overMqtt];
}

function mqttServer(domain: string, { listen, storeDir }: MqttOptions): object {
  return {
    // Every publish with QoS 1 adds ten bytes to a file that is tidied up at a sync only, and counts for no limit.
    jetstream: { store_dir: storeDir, domain, sync_interval: "10s", ...SESSION_STORE },
    mqtt: {
      listen: address(listen),
      ...optional("tls", listen.tls, tls),
      // What arrives is answered by the agent; exactly-once between a terminal and this server is worth nothing to anybody.
      reject_qos2_publish: true,
      consumer_inactive_threshold: "1h",
    },
  };
}
