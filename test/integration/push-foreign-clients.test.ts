import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import {
  mqttTopic,
  terminalAnswerSubject,
  terminalInbox,
  terminalPunchSubject,
} from "@clockleaf/shared/subjects.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import { journalRowSchema } from "@clockleaf/shared/wire/punch.ts";
import { connect, type NatsConnection, nkeyAuthenticator } from "nats";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { eventually } from "../support/eventually.ts";
import { findMosquitto, type MqttLogin, mosquittoPub, mosquittoSub } from "../support/mosquitto.ts";
import { findNatsServer, type Site, startSite, TEST_GATEWAY } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { type PushAgent, pushAgent } from "../support/push-agent.ts";
import { applyTestTopology, storedSegments } from "../support/uplink-rig.ts";

const hasNats = available("nats-server", findNatsServer());
const hasMosquitto = available("mosquitto-clients", findMosquitto());

const SIMULATOR = join(import.meta.dirname, "../../hardware-sim/main.ts");
const PUNCH = mqttTopic(terminalPunchSubject("canteen"));
const ANSWER = mqttTopic(terminalAnswerSubject("canteen"));

describe.skipIf(!hasNats)("terminals of others that push through the leaf server", () => {
  let site: Site;
  let agent: PushAgent;
  let login: MqttLogin;
  let terminal: NatsConnection;

  beforeAll(async () => {
    site = await startSite({ terminals: { ids: ["canteen", "gate", "spare"], mqtt: true } });
    await applyTestTopology(site);
    const files = site.deployment.gateway(TEST_GATEWAY).terminals;
    const password = readFileSync(files.terminal("canteen").passwordFile, "utf8").trim();
    login = { port: site.leaf().mqttPort, user: "canteen", password };
    agent = pushAgent(site, { readers: ["canteen", "gate"] });
    terminal = await connectTerminal("gate");
  });
  afterAll(async () => {
    await agent[Symbol.asyncDispose]();
    await site.stop();
  });

  /** A client of NATS as anybody would write it: a key, an inbox, requests. */
  const connectTerminal = async (id: string): Promise<NatsConnection> => {
    const { seedFile } = site.deployment.gateway(TEST_GATEWAY).terminals.terminal(id);
    const seed = new TextEncoder().encode(readFileSync(seedFile, "utf8").trim());
    return site.closeLater(
      await connect({
        servers: site.leaf().server.url,
        authenticator: nkeyAuthenticator(seed),
        inboxPrefix: terminalInbox(id),
      }),
    );
  };
  const badges = (): string[] =>
    agent.punches().map(({ credential }) => (credential.kind === "number" ? credential.value : ""));
  const request = async (payload: string | Uint8Array) =>
    (await terminal.request(terminalPunchSubject("gate"), payload, { timeout: 5_000 })).json();

  it.skipIf(!hasMosquitto)(
    "mosquitto_pub gets its PUBACK with no agent there, so that is no acknowledgement; what it sends again is stored once and told so",
    async () => {
      using answers = await mosquittoSub(login, [ANSWER]);
      const punch = JSON.stringify({
        id: "m-1",
        badge: "1001",
        at: "2026-11-24T07:58:03",
        hint: "in",
      });
      expect(await mosquittoPub(login, { topic: PUNCH, payload: punch })).toEqual({
        code: 0,
        err: "",
      });
      expect(answers.heard).toEqual([]);

      await agent.start();
      // The agent's driver connects on its own: published until it is answered, as the README asks of a terminal.
      await eventually(
        async () => {
          await mosquittoPub(login, { topic: PUNCH, payload: punch });
          return answers.heard.length > 0;
        },
        { what: "the answer", everyMs: 100 },
      );
      const [topic, answer = ""] = (answers.heard[0] ?? "").split(/ (.*)/s);
      expect(topic).toBe(ANSWER);
      expect(JSON.parse(answer)).toMatchObject({ ok: true, id: "m-1", light: "amber" });
      const before = answers.heard.length;
      await mosquittoPub(login, { topic: PUNCH, payload: punch });
      await eventually(() => answers.heard.length > before, { what: "answered again" });
      expect(agent.punches()).toMatchObject([
        {
          reader: "canteen",
          credential: { kind: "number", value: "1001" },
          hint: "in",
          time: { deviceLocal: "2026-11-24T07:58:03" },
        },
      ]);
    },
  );

  it("a NATS client's request is answered once the punch is in the journal, in the words it was asked in", async () => {
    if (!hasMosquitto) await agent.start();
    await eventually(() => request('{"id":"n-1","badge":"2001","ago":30}'), {
      what: "a driver that listens",
    });
    expect(badges()).toContain("2001");
    const { gatewayAtMs, takenAtMs = 0, doubt } = agent.punches().at(-1)?.time ?? {};
    expect([doubt, (gatewayAtMs ?? 0) - takenAtMs]).toEqual([undefined, 30_000]);
    const reply = await terminal.request(
      terminalPunchSubject("gate"),
      encode({ id: "n-2", card: { bits: 26, hex: "bdd93740" } }),
    );
    const answer = decode(reply.data, z.object({ ok: z.boolean(), id: z.string() }), {
      what: "answer",
    });
    expect(answer).toEqual({ ok: true, id: "n-2" });
    expect(agent.punches().at(-1)?.credential).toEqual({ kind: "card", bits: 26, hex: "bdd93740" });
  });

  it.each(["nats", "mqtt"])(
    "the simulator's command publishes over %s until it is acknowledged",
    async (over) => {
      const { server, mqttPort } = site.leaf();
      const { seedFile, passwordFile } = site.deployment
        .gateway(TEST_GATEWAY)
        .terminals.terminal("gate");
      const [url, secret] =
        over === "nats" ? [server.url, seedFile] : [`mqtt://127.0.0.1:${mqttPort}`, passwordFile];
      const args = ["push-terminal", "--server", url, "--reader", "gate", "--secret", secret];
      const options = ["--badge", `sim-${over}`, "--tap", "50ms", "--json"];
      const child = spawn(process.execPath, [SIMULATOR].concat(args, options));
      child.stderr.resume();
      const facts = createInterface({ input: child.stdout });
      for await (const line of facts) {
        const { kind, id } = JSON.parse(line);
        if (kind === "acknowledged" && String(id).endsWith("-3")) break;
      }
      child.kill("SIGTERM");
      expect(await once(child, "close")).toEqual([0, null]);
      expect(badges().filter((badge) => badge === `sim-${over}`).length).toBeGreaterThanOrEqual(3);
    },
  );

  it("what cannot be taken is answered with the reason, and counted", async () => {
    const refused = { ok: false, retry: false };
    expect(await request('{"id":"n-3"}')).toMatchObject({
      ...refused,
      id: "n-3",
      reason: "malformed",
    });
    expect(await request("x".repeat(3_000))).toMatchObject({ ...refused, reason: "too-large" });
    const spare = await connectTerminal("spare");
    const answers: unknown[] = [];
    spare.subscribe(terminalAnswerSubject("spare"), {
      callback: (_, message) => void answers.push(message.json()),
    });
    spare.publish(terminalPunchSubject("spare"), '{"id":"s-1","badge":"1"}');
    await eventually(() => answers.length > 0);
    expect(answers).toEqual([{ ok: false, id: "s-1", reason: "unknown-reader", retry: true }]);
    expect(await agent.counters("gate")).toMatchObject({ malformed: 1, too_large: 1 });
    expect(await agent.counters("canteen")).toMatchObject({ unknown_reader: 1 });
  });

  it("and all of it goes up to the hub, past the JetStream that MQTT needs on the leaf server", async () => {
    const cloud = await site.connectCloud("cloud-all");
    const publicKey = site.deployment.gateway(TEST_GATEWAY).publicKey;
    const stored = async (): Promise<number> => {
      const segments = await storedSegments(cloud, publicKey);
      return segments
        .flatMap(({ rows }) => rows)
        .map((row) => decode(row, journalRowSchema, { what: "row" }))
        .filter(({ kind }) => kind === "punch").length;
    };
    await eventually(async () => (await stored()) === agent.punches().length, {
      what: "every punch at the hub",
      everyMs: 200,
    });
    expect(await agent.status()).toMatchObject({
      uplink: { state: { kind: expect.stringMatching(/idle|sending/) } },
    });
  });
});
