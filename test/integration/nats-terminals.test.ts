import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  gatewayCommandSubject,
  mqttTopic,
  segmentSubject,
  terminalAnswerSubject,
  terminalInbox,
  terminalPunchSubject,
} from "@clockleaf/shared/subjects.ts";
import { connect, type NatsConnection, nkeyAuthenticator } from "nats";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { initDeployment } from "../../deploy/nats/init.ts";
import { eventually } from "../support/eventually.ts";
import { findMosquitto, type MqttLogin, mosquittoPub, mosquittoSub } from "../support/mosquitto.ts";
import { findNatsServer, type Site, startSite, TEST_GATEWAY } from "../support/nats.ts";
import { available } from "../support/parts.ts";

const hasNats = available("nats-server", findNatsServer());
const hasMosquitto = available("mosquitto-clients", findMosquitto());

const SECRET = "for-the-gate-alone";
const ROOM = { maxFileBytes: 1, maxMemoryBytes: 1 };
/** Where a terminal named `desk` has no business to write. */
const FORBIDDEN = [
  terminalPunchSubject("gate"),
  terminalAnswerSubject("gate"),
  terminalAnswerSubject("desk"),
  `${terminalInbox("gate")}.1`,
  `${terminalInbox("desk")}.1`,
  `${terminalPunchSubject("desk")}.more`,
  segmentSubject(TEST_GATEWAY),
  gatewayCommandSubject(TEST_GATEWAY, "resend"),
  "$JS.API.INFO",
  "$JS.API.STREAM.NAMES",
  "$JS.API.STREAM.PURGE.$MQTT_sess",
  "$JS.API.STREAM.DELETE.$MQTT_msgs",
  "$JS.hub.API.DIRECT.GET.CLOCK.x",
  "$MQTT.msgs.terminal.v1.gate.ack",
  "$MQTT.rmsgs.terminal.v1.gate.ack",
  "$SYS.REQ.SERVER.PING",
];
const EAVESDROP = [
  ">",
  "*.>",
  "terminal.>",
  "terminal.v1.*.punch",
  "terminal.v1.*.ack",
  terminalPunchSubject("gate"),
  terminalPunchSubject("desk"),
  terminalAnswerSubject("gate"),
  `${terminalInbox("gate")}.>`,
  "_INBOX.>",
  "$MQTT.>",
  "$MQTT.sub.>",
  "$JS.>",
  "$SYS.>",
];

const topics = (subjects: readonly string[]): string[] =>
  subjects.map((subject) => mqttTopic(subject).replaceAll("*", "+").replaceAll(">", "#"));

describe.skipIf(!hasNats)("a terminal's key", () => {
  let site: Site;
  /** The agent's driver: hears what any terminal publishes. */
  let driver: NatsConnection;
  /** A program in the account that the link to the hub carries, without any rule. */
  let spy: NatsConnection;
  const punches: string[] = [];
  const spied: string[] = [];

  beforeAll(async () => {
    site = await startSite({ terminals: { ids: ["desk", "gate"], mqtt: true } });
    driver = await connectKey(files().readerSeedFile, "_INBOX_none");
    driver.subscribe(terminalPunchSubject("*"), {
      callback: (_, message) => void punches.push(`${message.subject} ${message.string()}`),
    });
    await driver.flush();
    const { leafConfig } = site.deployment.gateway(TEST_GATEWAY);
    const shipped = readFileSync(leafConfig, "utf8");
    const users = '"GATEWAY": {\n    "users": [';
    if (!shipped.includes(users)) throw new Error("leaf.conf is laid out in another way now");
    writeFileSync(leafConfig, shipped.replace(users, `${users} {"user":"spy","password":"spy"},`));
    await site.leaf().server.reload();
    spy = site.closeLater(
      await connect({ servers: site.leaf().server.url, user: "spy", pass: "spy" }),
    );
    for (const subject of [">", "$JS.>"]) {
      spy.subscribe(subject, { callback: (_, message) => void spied.push(message.subject) });
    }
    await spy.flush();
  });
  afterAll(() => site.stop());
  beforeEach(() => {
    punches.length = 0;
    spied.length = 0;
  });

  const files = () => site.deployment.gateway(TEST_GATEWAY).terminals;
  const connectKey = async (seedFile: string, inboxPrefix: string): Promise<NatsConnection> => {
    const seed = new TextEncoder().encode(readFileSync(seedFile, "utf8").trim());
    const authenticator = nkeyAuthenticator(seed);
    const servers = site.leaf().server.url;
    return site.closeLater(await connect({ servers, authenticator, inboxPrefix }));
  };
  const overNats = (id: string): Promise<NatsConnection> =>
    connectKey(files().terminal(id).seedFile, terminalInbox(id));
  const overMqtt = (id: string): MqttLogin => ({
    port: site.leaf().mqttPort,
    user: id,
    password: readFileSync(files().terminal(id).passwordFile, "utf8").trim(),
  });
  /** How often the server refused a punch in the gate's name. */
  const violations = (): number =>
    site
      .leaf()
      .server.log()
      .split(`Publish Violation - Subject "${terminalPunchSubject("gate")}"`).length;
  /** Published by the gate and by the driver for the gate: nobody else may hear it. */
  const talkToTheGate = async (gate: NatsConnection): Promise<void> => {
    gate.publish(terminalPunchSubject("gate"), SECRET);
    driver.publish(terminalAnswerSubject("gate"), SECRET);
    driver.publish(`${terminalInbox("gate")}.1`, SECRET);
    await gate.flush();
    await driver.flush();
  };

  it("publishes punches for its own reader and hears its own answers, over NATS", async () => {
    const desk = await overNats("desk");
    const heard: string[] = [];
    for (const subject of [terminalAnswerSubject("desk"), `${terminalInbox("desk")}.>`]) {
      desk.subscribe(subject, { callback: (_, message) => void heard.push(message.subject) });
    }
    await desk.flush();
    desk.publish(terminalPunchSubject("desk"), "mine");
    await desk.flush();
    await eventually(() => punches.length > 0);
    driver.publish(terminalAnswerSubject("desk"), "yours");
    driver.publish(`${terminalInbox("desk")}.1`, "yours");
    await eventually(() => heard.length === 2);
    expect(punches).toEqual([`${terminalPunchSubject("desk")} mine`]);
  });

  it("can publish nothing else over NATS", async () => {
    const desk = await overNats("desk");
    const gate = await overNats("gate");
    const reached: string[] = [];
    gate.subscribe(terminalAnswerSubject("gate"), {
      callback: (_, m) => void reached.push(m.subject),
    });
    gate.subscribe(`${terminalInbox("gate")}.>`, {
      callback: (_, m) => void reached.push(m.subject),
    });
    const answered: string[] = [];
    desk.subscribe(`${terminalInbox("desk")}.probe`, {
      callback: (_, { headers, subject }) => {
        if (headers?.code !== 503) answered.push(subject);
      },
    });
    await Promise.all([gate.flush(), desk.flush()]);
    for (const subject of FORBIDDEN) {
      desk.publish(subject, "forged", { reply: `${terminalInbox("desk")}.probe` });
    }
    desk.publish(terminalPunchSubject("desk"), "last");
    await desk.flush();
    await eventually(() => punches.length > 0);
    await Promise.all([gate.flush(), desk.flush(), spy.flush()]);
    expect([punches, reached, answered, spied]).toEqual([
      [`${terminalPunchSubject("desk")} last`],
      [],
      [],
      [],
    ]);
  });

  it("hears nothing else over NATS", async () => {
    const desk = await overNats("desk");
    const heard: string[] = [];
    const refused: string[] = [];
    for (const subject of EAVESDROP) {
      desk.subscribe(subject, {
        callback: (problem, message) => {
          if (problem === null) heard.push(message.subject);
          else refused.push(subject);
        },
      });
    }
    await desk.flush();
    await talkToTheGate(await overNats("gate"));
    await desk.flush();
    expect(heard).toEqual([]);
    expect(refused).toEqual(EAVESDROP);
  });

  it("does not open MQTT, nor the password NATS", async () => {
    const { user, password } = overMqtt("desk");
    const servers = site.leaf().server.url;
    await expect(connect({ servers, user, pass: password })).rejects.toThrow(/authorization/i);
  });

  it("can make the agent's driver do nothing but answer terminals", async () => {
    const desk = await overNats("desk");
    const answered: string[] = [];
    desk.subscribe(`${terminalInbox("desk")}.>`, {
      callback: (_, m) => void answered.push(m.subject),
    });
    await desk.flush();
    for (const subject of [
      ...FORBIDDEN.filter((one) => !/\.(ack|reply\.1)$/.test(one)),
      terminalPunchSubject("desk"),
    ]) {
      driver.publish(subject, "forged", { reply: `${terminalInbox("desk")}.probe` });
    }
    await driver.flush();
    await Promise.all([desk.flush(), spy.flush()]);
    expect([punches, answered, spied]).toEqual([[], [], []]);
  });

  it("is behind a wall: the account that the link to the hub carries hears no terminal and reaches none", async () => {
    const gate = await overNats("gate");
    gate.subscribe(terminalAnswerSubject("gate"), {
      callback: (_, m) => void spied.push(m.subject),
    });
    await gate.flush();
    await talkToTheGate(gate);
    await eventually(() => spied.length === 1);
    spied.length = 0;
    punches.length = 0;
    for (const subject of [terminalPunchSubject("desk"), terminalAnswerSubject("gate")]) {
      spy.publish(subject, "forged");
    }
    await Promise.all([spy.flush(), gate.flush(), driver.flush()]);
    // What it published itself.
    expect(spied.filter((subject) => subject !== terminalAnswerSubject("gate"))).toEqual([
      terminalPunchSubject("desk"),
    ]);
    expect(spied.filter((subject) => subject === terminalAnswerSubject("gate"))).toHaveLength(1);
    expect(punches).toEqual([]);
    // The JetStream of MQTT sessions is not there for it.
    await expect(spy.request("$JS.API.INFO", "", { timeout: 500 })).rejects.toThrow();
  });

  describe.skipIf(!hasMosquitto)("or its password over MQTT", () => {
    it("publishes punches for its own reader and hears its own answers", async () => {
      using answers = await mosquittoSub(overMqtt("desk"), topics([terminalAnswerSubject("desk")]));
      const [own = ""] = topics([terminalPunchSubject("desk")]);
      expect((await mosquittoPub(overMqtt("desk"), { topic: own, payload: "mine" })).code).toBe(0);
      await eventually(() => punches.length > 0);
      driver.publish(terminalAnswerSubject("desk"), "yours");
      await eventually(() => answers.heard.length > 0);
      expect(answers.heard).toEqual([`${topics([terminalAnswerSubject("desk")])[0]} yours`]);
      expect(punches).toEqual([`${terminalPunchSubject("desk")} mine`]);
    });

    it("can publish nothing else: not kept for others either, not when it dies, and the server still says PUBACK", async () => {
      const gate = await overNats("gate");
      gate.subscribe(terminalAnswerSubject("gate"), {
        callback: (_, m) => void punches.push(m.subject),
      });
      await gate.flush();
      for (const topic of topics(FORBIDDEN.filter((one) => !one.startsWith("$")))) {
        const { code } = await mosquittoPub(overMqtt("desk"), {
          topic,
          payload: "forged",
          retain: true,
        });
        expect([topic, code]).toEqual([topic, 0]);
      }
      const [own = "", others = ""] = topics([
        terminalPunchSubject("desk"),
        terminalPunchSubject("gate"),
      ]);
      const before = violations();
      // Its last will: sent by the server when the connection breaks without a goodbye.
      const dying = await mosquittoSub(
        overMqtt("desk"),
        topics([terminalAnswerSubject("desk")]),
        "--will-topic",
        others,
        "--will-payload",
        "forged",
      );
      dying[Symbol.dispose]();
      await eventually(() => violations() > before, { what: "the will refused" });
      expect((await mosquittoPub(overMqtt("desk"), { topic: own, payload: "last" })).code).toBe(0);
      await eventually(() => punches.length > 0);
      await Promise.all([gate.flush(), spy.flush()]);
      expect([punches, spied]).toEqual([[`${terminalPunchSubject("desk")} last`], []]);
      // Nothing was kept that a new subscriber would be given.
      using kept = await mosquittoSub(overMqtt("gate"), topics([terminalAnswerSubject("gate")]));
      driver.publish(terminalAnswerSubject("gate"), "fresh");
      await eventually(() => kept.heard.length > 0);
      expect(kept.heard).toEqual([`${topics([terminalAnswerSubject("gate")])[0]} fresh`]);
    });

    it("hears nothing else", async () => {
      const all = topics(EAVESDROP);
      const refused = new RegExp(`: ${all.map(() => "128").join(", ")}$`, "m");
      for (const qos of ["0", "1"]) {
        await expect(mosquittoSub(overMqtt("desk"), all, "-q", qos)).rejects.toThrow(refused);
      }
    });

    it("cannot take over what another one's session was to hear", async () => {
      const own = topics([terminalAnswerSubject("gate")]);
      const session = ["-i", "shared", "-c", "-q", "1"];
      const gate = await mosquittoSub(overMqtt("gate"), own, ...session);
      gate[Symbol.dispose]();
      using desk = await mosquittoSub(
        overMqtt("desk"),
        topics([terminalAnswerSubject("desk")]),
        ...session,
      );
      await talkToTheGate(await overNats("gate"));
      driver.publish(terminalAnswerSubject("desk"), "yours");
      await eventually(() => desk.heard.length > 0);
      expect(desk.heard).toEqual([`${topics([terminalAnswerSubject("desk")])[0]} yours`]);
    });

    it("is refused when it is wrong, and with a message that no terminal needs", async () => {
      const wrong = await mosquittoPub(
        { ...overMqtt("desk"), password: "wrong" },
        { topic: "t", payload: "x" },
      );
      expect(wrong.err).toMatch(/not authorised/);
      const [own = ""] = topics([terminalPunchSubject("desk")]);
      expect(
        (await mosquittoPub(overMqtt("desk"), { topic: own, payload: "x".repeat(9_000) })).code,
      ).not.toBe(0);
      expect(punches).toEqual([]);
    });
  });

  it("is worth nothing once it is left out and the leaf server reloaded, and others do not notice", async () => {
    const [desk, gate] = [await overNats("desk"), await overNats("gate")];
    const { server, link, mqttPort } = site.leaf();
    const host = "127.0.0.1";
    initDeployment({
      dir: site.dir,
      hub: { serverName: "x", clients: { host, port: 1 }, leafs: { host, port: 1 }, ...ROOM },
      gateways: [
        {
          ...TEST_GATEWAY,
          port: server.port,
          hubUrls: [`nats://127.0.0.1:${link.port}`],
          terminals: {
            ids: ["gate"],
            mqtt: { listen: { host, port: mqttPort }, storeDir: join(site.dir, "mqtt-gw1") },
          },
        },
      ],
    });
    await server.reload();
    // The client library reconnects until the server has said no twice.
    await desk.closed();
    gate.publish(terminalPunchSubject("gate"), "still here");
    await eventually(() => punches.length > 0);
    expect(punches).toEqual([`${terminalPunchSubject("gate")} still here`]);
    await expect(overNats("desk")).rejects.toThrow(/authorization/i);
  });
});
