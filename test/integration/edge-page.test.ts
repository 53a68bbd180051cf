import { join } from "node:path";
import { type HidReader, listenHidReader } from "@clockleaf/hardware-sim/hid/socket.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { edge as command } from "../support/edge-cli.ts";
import { type EdgeProcess, edgeProcess, hidLine } from "../support/edge-process.ts";
import { eventually } from "../support/eventually.ts";
import { lastingPort } from "../support/ports.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

// The page of the real agent, spoken to as a browser would; what a person sees is in edge-page-browser.test.ts.

let temp: TempDir;
let edge: EdgeProcess;
let desk: HidReader;
beforeEach(async () => {
  temp = tempDir("edge-page");
  edge = edgeProcess(temp.path);
  desk = await listenHidReader(join(temp.path, "desk.sock"));
  edge.write([hidLine(desk.path, "desk-1")]);
});
afterEach(async () => {
  await edge.stop();
  await desk.close();
  temp.remove();
});

interface Visit {
  readonly origin: string;
  readonly headers: Record<string, string>;
}

/** What a browser does with the link. */
async function visit(): Promise<Visit> {
  const { origin, hash } = new URL(await edge.link());
  const json = { origin, "content-type": "application/json" };
  const token = hash.replace("#token=", "");
  const entered = await fetch(`${origin}/login`, {
    method: "POST",
    headers: json,
    body: JSON.stringify({ token }),
  });
  const cookie = (entered.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const page = await (await fetch(origin, { headers: { cookie } })).text();
  const writeToken = /name="write-token" content="([\w-]+)"/u.exec(page)?.[1] ?? "";
  return { origin, headers: { ...json, cookie, "x-clockleaf-token": writeToken } };
}

async function save({ origin, headers }: Visit, edit: (text: string) => string): Promise<Response> {
  const current = await fetch(`${origin}/config/file`, { headers });
  const { text, etag } = (await current.json()) as { text: string; etag: string };
  return fetch(`${origin}/config/file`, {
    method: "PUT",
    headers: { ...headers, "if-match": `"${etag}"` },
    body: JSON.stringify({ text: edit(text) }),
  });
}

async function running(): Promise<void> {
  await edge.until("running", ({ configuration }) => configuration.runsWith === "file");
}

async function tap(reader: HidReader, badge: string): Promise<void> {
  await eventually(() => reader.connected(), { what: "the agent at the reader" });
  reader.tap(badge);
  await eventually(() => edge.badges().includes(badge), { what: `badge ${badge} in the journal` });
}

describe("the page of a running agent", () => {
  it("saves a configuration and has the agent start with it: the visit and every row stay", async () => {
    edge.start();
    await running();
    await tap(desk, "1111");
    const before = await edge.status();
    const visitor = await visit();
    const other = await listenHidReader(join(temp.path, "gate.sock"));
    const line = `  - driver: hid-keyboard\n    port: { hidSocket: { path: ${other.path} } }\n    settings: { reader: gate-1 }\n`;
    const answer = await save(visitor, (text) => text + line);
    expect(await answer.json()).toMatchObject({ runsWith: "file" });
    await tap(other, "2222");
    await tap(desk, "3333");
    expect(edge.badges()).toEqual(["1111", "2222", "3333"]);
    const after = await edge.status();
    expect(
      "journal" in after && "journal" in before && after.journal.epoch === before.journal.epoch,
    ).toBe(true);
    expect((await fetch(visitor.origin, { headers: visitor.headers })).status).toBe(200);
    await other.close();
  });

  it("answers the request that moves it to another port, and is at the new one", async () => {
    edge.start();
    await running();
    const visitor = await visit();
    const port = await lastingPort();
    const answer = await save(visitor, (text) => text.replace("port: 0", `port: ${port}`));
    expect([answer.status, await answer.json()]).toMatchObject([200, { runsWith: "file" }]);
    const moved = await eventually(() =>
      fetch(`http://127.0.0.1:${port}`, { headers: visitor.headers }),
    );
    expect(moved.status).toBe(200);
  });

  it("streams every punch to whoever follows, also across a new start", async () => {
    edge.start();
    await running();
    const visitor = await visit();
    const leaving = new AbortController();
    const stream = await fetch(`${visitor.origin}/taps/stream`, {
      headers: visitor.headers,
      signal: leaving.signal,
    });
    let said = "";
    const reading = (async () => {
      for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream())) said += chunk;
    })().catch(() => undefined);
    await eventually(() => said.includes("event: ready"), { what: "the stream" });
    await tap(desk, "1111");
    const { origin, headers } = visitor;
    await fetch(`${origin}/config/reload`, { method: "POST", headers, body: "{}" });
    await tap(desk, "2222");
    await eventually(() => said.includes("2222"), { what: "the second punch" });
    expect(said).toMatch(/"reader":"desk-1","badge":"[^"]*1111/u);
    leaving.abort();
    await reading;
  });

  it("is not what keeps an agent from running: a port in use is said, and readers are read", async () => {
    const port = await lastingPort();
    edge.write([hidLine(desk.path, "desk-1")], { page: { port } });
    edge.start();
    await running();
    const second = tempDir("edge-page-second");
    const rival = edgeProcess(second.path);
    rival.write([], { page: { port } });
    rival.start();
    await rival.until("running", ({ configuration }) => configuration.runsWith === "file");
    const { code, err } = await command("page", "-c", rival.configFile);
    expect([code, err]).toEqual([1, expect.stringContaining(`127.0.0.1:${port}`)]);
    await rival.stop();
    second.remove();
    await tap(desk, "1111");
  });

  it("is not there when the configuration says off", async () => {
    edge.write([], { page: "off" });
    edge.start();
    await running();
    const { code, err } = await command("page", "-c", edge.configFile);
    expect([code, err]).toEqual([1, expect.stringContaining("page: off")]);
  });
});
