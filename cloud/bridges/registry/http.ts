import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";

export interface RegistryRequest {
  readonly method: "GET" | "POST" | "PUT";
  /** Below the base, with a slash in front. */
  readonly path: string;
  readonly body?: unknown;
}

export interface RegistryAnswer {
  readonly status: number;
  readonly body: string;
}

export interface RegistryServer {
  readonly url: string;
  readonly authorization?: string;
  readonly ca?: string;
  readonly timeoutMs: number;
}

/** A schema of ours has some 10 KB. */
const MAX_ANSWER_BYTES = 1024 * 1024;
const MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";

/**
 * One request, with a bound on its time and its answer; node's own client because `fetch` takes no authority. Redirects are
 * answers like others: credentials go where they were configured to go. Rejects with `bridge.unreachable`; a certificate
 * that is not trusted is not retriable, all else is.
 */
export async function ask(
  server: RegistryServer,
  { method, path, body }: RegistryRequest,
): Promise<RegistryAnswer> {
  const url = new URL(`${server.url.replace(/\/+$/u, "")}${path}`);
  const text = body === undefined ? undefined : JSON.stringify(body);
  try {
    const response = await send(url, {
      method,
      headers: {
        accept: `${MEDIA_TYPE}, application/json`,
        ...(text === undefined
          ? {}
          : { "content-type": MEDIA_TYPE, "content-length": String(Buffer.byteLength(text)) }),
        ...(server.authorization === undefined ? {} : { authorization: server.authorization }),
      },
      ...(server.ca === undefined ? {} : { ca: server.ca }),
      signal: AbortSignal.timeout(server.timeoutMs),
      text,
    });
    return { status: response.statusCode ?? 0, body: await read(response) };
  } catch (error) {
    throw unreachable(server, error);
  }
}

interface Sending {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly ca?: string;
  readonly signal: AbortSignal;
  readonly text: string | undefined;
}

function send(url: URL, { text, ...options }: Sending): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const start = url.protocol === "https:" ? requestHttps : requestHttp;
    // A connection of its own: there are few requests, and none must meet one that the server has just closed.
    const request = start(url, { ...options, agent: false }, resolve);
    request.on("error", reject);
    request.end(text);
  });
}

async function read(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError("an answer of text");
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES)
      throw new RangeError(`an answer of over ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** OpenSSL's verdicts as node names them. */
const DISTRUST = /^(?:DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|CERT_|ERR_TLS_CERT_)/u;

function unreachable(server: RegistryServer, error: unknown): PlatformError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const isDistrusted = DISTRUST.test(code);
  const isLate = error instanceof Error && (error.name === "TimeoutError" || code === "ABORT_ERR");
  const why = isDistrusted
    ? `its certificate is not trusted (${code}): name its authority as caFile`
    : isLate
      ? `no answer within ${server.timeoutMs} ms`
      : code || (error instanceof Error ? error.message : "no connection");
  return new PlatformError("bridge.unreachable", `schema registry ${server.url}: ${why}`, {
    retriable: !isDistrusted,
    cause: error,
    details: { server: server.url },
  });
}
