import { HUB_DOMAIN } from "@clockleaf/shared/subjects.ts";
import { MAX_MESSAGE_BYTES } from "@clockleaf/shared/wire/codec.ts";
import { address, json, optional, settings, user } from "./config-text.ts";
import { type GatewayKey, gatewayAccount } from "./generate.ts";
import { gatewayPermissions } from "./permissions.ts";
import { type TerminalOptions, terminalConfig } from "./terminals.ts";

export const LEAF_FILES = { main: "leaf.conf", secret: "gateway-nkey.conf" } as const;

/** Local programs, the agent among them. */
const MAX_CONNECTIONS = 32;
/** What crosses the link to the hub, and nothing else; only where there are terminals to keep apart from it. */
const GATEWAY_ACCOUNT = "GATEWAY";

export interface LeafOptions {
  readonly gateway: GatewayKey;
  /** Local programs connect here: the agent, on this machine only. */
  readonly port: number;
  /** The hub's leaf address: `nats://`, `tls://` or, where only 443 goes out, `wss://`. Several are tried in turn. */
  readonly hubUrls: readonly string[];
  /** CA of the hub's certificate; needed with `tls://` and `wss://` unless a public authority signed it. */
  readonly hubCa?: string | undefined;
  /** Terminals that publish by themselves. */
  readonly terminals?: TerminalOptions | undefined;
}

/**
 * The gateway's own server: loopback only, one user, no JetStream, and the link to the hub. Terminals that publish by
 * themselves are in an account of their own, which the link does not carry.
 */
export function leafConfig(options: LeafOptions): string {
  const { gateway, terminals } = options;
  const agent = user(gateway.publicKey, gatewayPermissions(gateway, HUB_DOMAIN));
  const name = `leaf-${gateway.tenant}-${gateway.site}-${gateway.gateway}`;
  const kept = terminals === undefined ? undefined : terminalConfig(name, terminals);
  return `# Leaf server of gateway ${gatewayAccount(gateway)}, made by deploy/nats/main.ts; change it there.
${settings({
  server_name: name,
  listen: address({ host: terminals?.host ?? "127.0.0.1", port: options.port }),
  max_payload: MAX_MESSAGE_BYTES,
  max_connections: MAX_CONNECTIONS + (kept?.connections ?? 0),
  ping_interval: "10s",
  ping_max: 2,
  ...(kept === undefined
    ? { authorization: { users: [agent] } }
    : { accounts: { [GATEWAY_ACCOUNT]: { users: [agent] }, ...kept.accounts }, ...kept.server }),
})}
leafnodes {
  reconnect: "1s"
  remotes: [ {
${settings({ ...remote(options), ...(kept === undefined ? {} : { account: GATEWAY_ACCOUNT }) })}
    include "./${LEAF_FILES.secret}"
  } ]
}
`;
}

function remote({ hubUrls, hubCa }: LeafOptions): object {
  const isTls = hubUrls.some((url) => /^(tls|wss):/.test(url));
  const isWebsocket = hubUrls.some((url) => /^wss?:/.test(url));
  return {
    urls: hubUrls,
    first_info_timeout: "5s",
    ...(isWebsocket ? { ws_compression: true } : { compression: "s2_auto" }),
    ...(isTls
      ? {
          tls: {
            ...optional("ca_file", hubCa, (file) => file),
            ...(isWebsocket ? {} : { handshake_first: true }),
          },
        }
      : {}),
  };
}

/** `gateway-nkey.conf`: the seed with which the leaf logs in to the hub. A secret: mode 0600. */
export const leafSecretConfig = (seed: string): string => `nkey: ${json(seed)}\n`;
