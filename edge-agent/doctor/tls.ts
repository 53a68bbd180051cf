import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { type Finding, fail, ok, RESTART, warn } from "./finding.ts";

/** Read by Node itself, at its start. */
export const TRUST_CA = `in /etc/clockleaf/agent.env: NODE_EXTRA_CA_CERTS=/etc/clockleaf/ca.pem, then: ${RESTART}`;

const DAY_MS = 86_400_000;
const WARN_DAYS = 30;
const CONNECT_MS = 2_000;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { "tls:": 4222, "wss:": 443 };

export interface Certificate {
  readonly validToMs: number;
  /** Why this machine does not trust it; null when it does. */
  readonly distrust: string | null;
}

/** What the server shows before anybody logs in: whether it is trusted, and until when. */
export async function checkCertificate(server: string): Promise<Finding> {
  const about = `certificate of ${server}`;
  try {
    return judgeCertificate(about, await certificateOf(new URL(server)), Date.now());
  } catch (error) {
    return fail(about, {
      says: `no TLS there: ${error instanceof Error ? error.message : String(error)}`,
      cure: `openssl s_client -connect ${new URL(server).host}`,
      kind: "reach",
    });
  }
}

export function judgeCertificate(about: string, seen: Certificate, nowMs: number): Finding {
  const days = Math.floor((seen.validToMs - nowMs) / DAY_MS);
  const until = new Date(seen.validToMs).toISOString().slice(0, 10);
  const renew = "have the certificate renewed, and the server reload it (SIGHUP)";
  if (days < 0) return fail(about, { says: `expired on ${until}`, cure: renew });
  if (seen.distrust !== null) {
    return fail(about, {
      says: `is not trusted here: ${seen.distrust}`,
      cure: TRUST_CA,
    });
  }
  if (days < WARN_DAYS)
    return warn(about, { says: `expires in ${days} days (${until})`, cure: renew });
  return ok(about, `trusted, until ${until}`);
}

async function certificateOf(url: URL): Promise<Certificate> {
  const port = url.port === "" ? (DEFAULT_PORTS[url.protocol] ?? 443) : Number(url.port);
  const socket = connectTcp({ host: url.hostname, port });
  socket.setTimeout(CONNECT_MS, () => socket.destroy(new Error("no answer in time")));
  try {
    await once(socket, "connect");
    // A NATS server introduces itself in clear first (INFO), and only then is TLS begun.
    if (url.protocol === "tls:") await introduced(socket);
    return await shown(connectTls({ socket, servername: url.hostname, rejectUnauthorized: false }));
  } finally {
    socket.destroy();
  }
}

function introduced(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("data", () => {
      socket.off("error", reject);
      resolve();
    });
  });
}

async function shown(secure: TLSSocket): Promise<Certificate> {
  await once(secure, "secureConnect");
  const validToMs = Date.parse(secure.getPeerCertificate().valid_to);
  // A code such as UNABLE_TO_VERIFY_LEAF_SIGNATURE, whatever its declared type says.
  const distrust = secure.authorized ? null : String(secure.authorizationError);
  secure.destroy();
  return { validToMs, distrust };
}

const TLS_CODES = /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_SSL_)/;

/** Whether a dial failed because the certificate is not trusted or not right. */
export function isTlsFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  return TLS_CODES.test(code) || isTlsFault(error.cause);
}
