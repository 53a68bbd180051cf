import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface SunkRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
/** `break` = the connection is broken instead of an answer, `silence` = no answer comes. */
export type SinkAnswer =
  | { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> }
  | "break"
  | "silence";

export interface HttpSink extends AsyncDisposable {
  readonly url: string;
  requests(): readonly SunkRequest[];
  onRequest(answer: (request: SunkRequest) => SinkAnswer): void;
}

const fine = (): SinkAnswer => ({ status: 200 });

/** An HTTP server on loopback that keeps every request and answers as told; 200 unless told. */
export async function startHttpSink(): Promise<HttpSink> {
  const seen: SunkRequest[] = [];
  let answerTo: (request: SunkRequest) => SinkAnswer = fine;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url: path = "", headers } = request;
      const whole = { method, path, headers, body: Buffer.concat(chunks).toString("utf8") };
      seen.push(whole);
      const answer = answerTo(whole);
      if (answer === "silence") return;
      if (answer === "break") return void request.socket.destroy();
      response.writeHead(answer.status, answer.headers ?? {});
      response.end(answer.body ?? "");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => seen,
    onRequest: (answer) => void (answerTo = answer),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await Promise.resolve();
    },
  };
}
