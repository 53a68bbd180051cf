import {
  type Agent,
  Agent as HttpAgent,
  type IncomingMessage,
  request as overHttp,
} from "node:http";
import { Agent as HttpsAgent, request as overHttps } from "node:https";
import { hasCode } from "@clockleaf/shared/lib/errors.ts";
import { addressRefused, guardedLookup, isPublicAddress, literalAddress } from "./address-guard.ts";
import type { AttemptError } from "./delivery.ts";

export interface Post {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Answer =
  | { readonly kind: "answer"; readonly status: number; readonly retryAfter: string | undefined }
  | { readonly kind: "none"; readonly error: AttemptError };

export interface Poster {
  /** Never rejects. `signal` = we do not want to know any more. */
  post(post: Post, signal: AbortSignal): Promise<Answer>;
  close(): void;
}

export interface PosterOptions {
  readonly url: string;
  readonly timeoutMs: number;
  /** Connections at once; kept open for what comes next. */
  readonly parallel: number;
  readonly allowPrivateAddresses: boolean;
}

/** Read of an answer's body and thrown away, so that the connection can be used again; one with more is closed. */
const MAX_ANSWER = 64 * 1024;
/** Shorter than most servers keep a connection open, for one they just closed loses a request. */
const IDLE_MS = 4_000;

/**
 * Posts to one URL and reports the status. The body of the answer is not read for us: what an endpoint says, and so what a
 * machine within reach says, comes back to nobody. A redirect is an answer like any other. Which address a name stands for
 * is asked and judged for each connection.
 */
export function createPoster(options: PosterOptions): Poster {
  const url = new URL(options.url);
  const isSecure = url.protocol === "https:";
  const settings = {
    keepAlive: true,
    maxSockets: options.parallel,
    timeout: IDLE_MS,
    ...(options.allowPrivateAddresses ? {} : { lookup: guardedLookup }),
  };
  const agent = isSecure ? new HttpsAgent(settings) : new HttpAgent(settings);
  const once = (post: Post, signal: AbortSignal): Promise<Outcome> =>
    send({ url, agent, isSecure, post, signal });
  return {
    async post(post, signal) {
      const literal = options.allowPrivateAddresses ? undefined : literalAddress(url);
      if (literal !== undefined && !isPublicAddress(literal)) {
        return { kind: "none", error: "address-refused" };
      }
      const timeout = AbortSignal.timeout(options.timeoutMs);
      const either = AbortSignal.any([timeout, signal]);
      let outcome = await once(post, either);
      // Closed by the other side while it was idle: nothing is wrong with the endpoint.
      if (outcome.kind === "none" && outcome.isStale) outcome = await once(post, either);
      if (outcome.kind === "answer") return outcome;
      return { kind: "none", error: timeout.aborted ? "timeout" : outcome.error };
    },
    close: () => agent.destroy(),
  };
}

type Outcome =
  | Extract<Answer, { kind: "answer" }>
  | (Extract<Answer, { kind: "none" }> & { readonly isStale: boolean });

interface Sending {
  readonly url: URL;
  readonly agent: Agent;
  readonly isSecure: boolean;
  readonly post: Post;
  readonly signal: AbortSignal;
}

function send({ url, agent, isSecure, post, signal }: Sending): Promise<Outcome> {
  const start = isSecure ? overHttps : overHttp;
  const { body } = post;
  const headers = { ...post.headers, "content-length": String(Buffer.byteLength(body)) };
  return new Promise((resolve) => {
    const request = start(url, { method: "POST", agent, signal, headers });
    request.once("response", (response) => void answerOf(response).then(resolve));
    request.once("error", (error) => {
      const isStale = request.reusedSocket && "code" in error && error.code === "ECONNRESET";
      resolve({ kind: "none", error: errorOf(error), isStale });
    });
    request.end(body);
  });
}

/** Once the status is there it counts, whatever becomes of the rest. */
async function answerOf(response: IncomingMessage): Promise<Outcome> {
  const { statusCode: status = 0, headers } = response;
  let size = 0;
  try {
    for await (const chunk of response) {
      size += Buffer.isBuffer(chunk) ? chunk.length : 0;
      if (size > MAX_ANSWER) break;
    }
  } catch {
    // Broken off: nobody wanted to read it.
  }
  return { kind: "answer", status, retryAfter: headers["retry-after"] };
}

/** What Node and OpenSSL call it, in our words. */
function errorOf(error: Error): AttemptError {
  if (hasCode(error, addressRefused().code)) return "address-refused";
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (/^(ENOTFOUND|EAI_|EDNS)/.test(code)) return "dns";
  if (/^(ERR_TLS|ERR_SSL|CERT_|EPROTO|UNABLE_|SELF_SIGNED|DEPTH_ZERO)/.test(code)) return "tls";
  return "connection";
}
