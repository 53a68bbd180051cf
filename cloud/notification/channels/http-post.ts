import { type ClientRequest, type IncomingMessage, request as overHttp } from "node:http";
import { request as overHttps } from "node:https";
import { reasonOf, type SendResult } from "./channel.ts";

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

type NoAnswer = Exclude<SendResult, { kind: "taken" }>;

const MAX_ANSWER = 64 * 1024;

/**
 * Posts and reads the answer; instead of one, why there is none. Each over a connection of its own: as long as that is not
 * there, certainly nothing was sent. A redirect is an answer like any other: nobody is sent elsewhere with a message meant for
 * them.
 */
export function httpPost(
  { url, headers, body }: Post,
  signal: AbortSignal,
): Promise<Answer | NoAnswer> {
  const start = url.startsWith("https:") ? overHttps : overHttp;
  return new Promise((resolve) => {
    const length = String(Buffer.byteLength(body));
    const request = start(url, {
      method: "POST",
      agent: false,
      signal,
      headers: { ...headers, "content-length": length },
    });
    let isConnected = false;
    whenConnected(request, () => {
      isConnected = true;
      request.end(body);
    });
    request.once("response", (response) => void readAnswer(response).then(resolve));
    request.once("error", (error) => {
      const reason = reasonOf(error);
      resolve(
        isConnected
          ? { kind: "uncertain", reason }
          : { kind: "refused", isPermanent: false, reason },
      );
    });
    request.flushHeaders();
  });
}

/** Of TLS: once it is agreed and the other side is who it says it is. */
function whenConnected(request: ClientRequest, then: () => void): void {
  const event = request.protocol === "https:" ? "secureConnect" : "connect";
  request.once("socket", (socket) => socket.once(event, then));
}

/** The beginning of an answer. Its status has been read, so that a body which breaks off changes nothing. */
async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const status = response.statusCode ?? 0;
  let text = "";
  try {
    response.setEncoding("utf8");
    for await (const chunk of response) {
      text += String(chunk);
      if (text.length >= MAX_ANSWER) break;
    }
  } catch {
    return { status, text };
  }
  return { status, text };
}
