import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { hasCode } from "@clockleaf/shared/lib/errors.ts";
import { connectNatsOnce, isKeyRefused } from "@clockleaf/shared/lib/nats-connection.ts";
import { watchLink } from "@clockleaf/shared/lib/nats-link.ts";
import { gatewayInbox } from "@clockleaf/shared/subjects.ts";
import type { NatsConnection } from "nats";
import { hubOffsetOf } from "../health/hub-time.ts";
import { openHub } from "../uplink/hub.ts";
import { judgeAgainstHub, judgeHubOffset } from "./clock.ts";
import { ownedAlike } from "./files.ts";
import { type Finding, fail, ok, quoted, RESTART, skip } from "./finding.ts";
import type { Setup } from "./setup.ts";
import { checkCertificate, isTlsFault, TRUST_CA } from "./tls.ts";

const ANSWER_MS = 2_000;

/** The names of the leaf servers, in this gateway's DNS. */
export async function checkNames({ config }: Setup): Promise<readonly Finding[]> {
  const hosts = [...new Set(config.nats.servers.map((server) => new URL(server).hostname))];
  const names = hosts.filter((host) => isIP(host.replaceAll(/[[\]]/gu, "")) === 0);
  if (names.length === 0) return [skip("DNS", "every server is named by its address")];
  return Promise.all(names.map(checkName));
}

async function checkName(host: string): Promise<Finding> {
  const about = `DNS name ${host}`;
  try {
    return ok(about, `is ${(await lookup(host)).address}`);
  } catch {
    return fail(about, {
      says: "is not known",
      cure: `getent hosts ${quoted(host)}; look at /etc/resolv.conf, or put the address into nats.servers`,
      kind: "reach",
    });
  }
}

export async function checkTls({ config }: Setup): Promise<readonly Finding[]> {
  const secure = config.nats.servers.filter((server) => /^(tls|wss):/.test(server));
  if (secure.length === 0) return [skip("TLS", "no server is reached by tls:// or wss://")];
  return Promise.all(secure.map(checkCertificate));
}

/** Dials as the agent does, beside it: with the gateway's key, for one question to the hub. */
export async function checkLeaf({ config, agent }: Setup): Promise<readonly Finding[]> {
  const { servers, seedFile } = config.nats;
  const about = `leaf server ${servers.join(", ")}`;
  const { tenant, site, gateway } = config;
  const identity = { tenant, site, gateway };
  let connection: NatsConnection;
  try {
    connection = await connectNatsOnce({
      servers,
      seedFile,
      name: `clockleaf-doctor-${gateway}`,
      inboxPrefix: gatewayInbox(identity),
    });
  } catch (error) {
    if (hasCode(error, "config.unreadable")) {
      return [skip(about, "not dialled: there is no key to dial with")];
    }
    return [judgeDial(about, error, config)];
  }
  try {
    return [
      ok(about, "reached, and takes this gateway's key"),
      ...(await askHub(connection, { config, agent })),
    ];
  } finally {
    await connection.close();
  }
}

type Names = Pick<Setup["config"], "tenant" | "site" | "gateway" | "nats">;

export function judgeDial(about: string, error: unknown, config: Names): Finding {
  if (isKeyRefused(error)) return refused(about, "refuses this gateway's key", config);
  const says = error instanceof Error ? error.message : String(error);
  if (isTlsFault(error)) {
    return fail(about, {
      says: `its certificate is not trusted: ${says}`,
      cure: `${TRUST_CA}; or have the certificate renewed`,
    });
  }
  return fail(about, {
    says: `nothing answers (${says}); punches are kept meanwhile`,
    cure: "sudo systemctl status nats-server; from a checkout: nats-server -c leaf.conf",
    kind: "reach",
  });
}

function refused(about: string, says: string, { tenant, site, gateway, nats }: Names): Finding {
  return fail(about, {
    says: `wrong key: ${says} (${nats.seedFile})`,
    cure: `sudo install ${ownedAlike(nats.seedFile)}-m 600 gateway.nk ${quoted(nats.seedFile)}, with the gateway.nk that deploy/nats/main.ts init made for ${tenant}/${site}/${gateway}, then: ${RESTART}`,
    kind: "authorisation",
  });
}

async function askHub(
  connection: NatsConnection,
  { config, agent }: Pick<Setup, "config" | "agent">,
): Promise<readonly Finding[]> {
  const about = "hub";
  const { tenant, site, gateway } = config;
  const link = watchLink(connection);
  try {
    const identity = { tenant, site, gateway };
    const hub = await openHub({ connection, link, identity, timeoutMs: ANSWER_MS });
    const stored = await hub.lastStored();
    const reached = ok(about, "reached through the leaf server; its JetStream answers");
    const measured = measuredBy(agent);
    if (measured !== undefined) return [reached, measured];
    return stored === undefined
      ? [reached]
      : [reached, judgeAgainstHub(Date.now(), stored.storedAtMs)];
  } catch (error) {
    if (hasCode(error, "uplink.unauthorised")) {
      return [refused(about, `the key is not that of ${tenant}/${site}/${gateway}`, config)];
    }
    return [
      fail(about, {
        says: "the leaf server runs and has no link to the hub, or the hub has no streams; punches are kept meanwhile",
        cure: 'sudo journalctl -u nats-server | grep -i leafnode: "Authorization Violation" there = this gateway\'s key is not enrolled at the hub, or was revoked; "connection refused" or "i/o timeout" = network or firewall',
        kind: "reach",
      }),
    ];
  } finally {
    link.close();
  }
}

function measuredBy(agent: Setup["agent"]): Finding | undefined {
  if (agent.kind !== "running") return undefined;
  const { clock, uplink } = agent.status;
  const offset = hubOffsetOf(uplink);
  return offset === null ? undefined : judgeHubOffset(offset, clock.sync);
}
