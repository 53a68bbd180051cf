import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HttpServer, listen } from "./http-server.ts";

let server: HttpServer;
beforeAll(async () => {
  server = await listen({ host: "127.0.0.1", port: 0, fetch: () => new Response("read") });
});
afterAll(() => server.close());

/** All that is answered until the server hangs up. */
async function answerTo(request: string): Promise<string> {
  const socket = connect(server.port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(request);
  return await text(socket);
}

test("a request whose address is too large is told so with a problem", async () => {
  const path = `/?cursor=${"x".repeat(20_000)}`;
  const answer = await answerTo(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  expect(head).toMatch(/^HTTP\/1\.1 431 /u);
  expect(head).toMatch(/^Content-Type: application\/problem\+json$/mu);
  expect(JSON.parse(body)).toMatchObject({
    status: 431,
    code: "api.headers-too-large",
    type: "/problems/api.headers-too-large",
  });
});

test("what is no HTTP is refused, and what is goes on to be read", async () => {
  expect(await answerTo("good morning\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/u);
  const read = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  expect(await answerTo(read)).toMatch(/\r\n\r\n(?:4\r\n)?read/u);
});
