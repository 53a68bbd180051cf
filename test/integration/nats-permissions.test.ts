import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { connectNats } from "@clockleaf/shared/lib/nats-connection.ts";
import {
  BUCKETS,
  directoryKey,
  type GatewayAddress,
  gatewayCommandSubject,
  gatewayInbox,
  heartbeatSubject,
  resentSubject,
  rosterChangedSubject,
  rosterReadSubject,
  STREAMS,
  segmentSubject,
} from "@clockleaf/shared/subjects.ts";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import type { NatsConnection } from "nats";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gatewayImportsConfig, gatewaysConfig, HUB_FILES } from "../../deploy/nats/generate.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, freePort, type Site, startServer, startSite } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { applyTestTopology } from "../support/uplink-rig.ts";

const THIEF: GatewayAddress = { tenant: "acme", site: "hq", gateway: "gw1" };
const NEIGHBOUR: GatewayAddress = { tenant: "acme", site: "hq", gateway: "gw2" };
const OTHER_SITE: GatewayAddress = { tenant: "acme", site: "plant", gateway: "gw3" };
const OTHER_TENANT: GatewayAddress = { tenant: "globex", site: "hq", gateway: "gw4" };
const OTHERS = [NEIGHBOUR, OTHER_SITE, OTHER_TENANT];

/** Goes into every message that the thief must not see. */
const SECRET = "not-for-the-thief";

const directorySubject = (g: GatewayAddress): string =>
  `$KV.${BUCKETS.directory}.${directoryKey(g.tenant, g.site, "number-1")}`;

const FOREIGN_SUBJECTS = [
  ...OTHERS.flatMap((other) => [
    segmentSubject(other),
    resentSubject(other),
    heartbeatSubject(other),
    gatewayCommandSubject(other, "resend"),
    `${gatewayInbox(other)}.probe`,
    directorySubject(other),
  ]),
  rosterReadSubject("acme", "plant"),
  rosterReadSubject("globex", "hq"),
  rosterChangedSubject("acme", "hq"),
  rosterChangedSubject("acme", "plant"),
  gatewayCommandSubject(THIEF, "resend"),
  directorySubject(THIEF),
  "evt.v1.attendance.3.acme.emp-1",
  "evt.v1.employee.3.acme.emp-1",
  "dlq.v1.intake",
  "$KV.presence.acme.emp-1",
  "$KV.gateways.acme.hq.gw1",
  "_INBOX_cloud.probe",
  "_INBOX.probe",
  "$JS.ACK.CLOCK.c.1.1.1.1.0",
  "$JS.FC.CLOCK.c.1",
  "$SYS.REQ.SERVER.PING",
  "$SYS.REQ.ACCOUNT.CLOCKLEAF.CONNZ",
];

const consumer = (stream: string, filter: string): string =>
  JSON.stringify({
    stream_name: stream,
    config: {
      name: "probe",
      deliver_subject: `${gatewayInbox(THIEF)}.stolen`,
      ack_policy: "none",
      filter_subject: filter,
    },
  });

/** JetStream API calls, without their prefix. */
const API_CALLS: ReadonlyArray<readonly [string, string]> = [
  ["INFO", ""],
  ["STREAM.NAMES", ""],
  ["STREAM.LIST", ""],
  ["STREAM.INFO.CLOCK", JSON.stringify({ subjects_filter: ">" })],
  ["STREAM.CREATE.PROBE", JSON.stringify({ name: "PROBE", subjects: ["probe.>"] })],
  ["STREAM.UPDATE.CLOCK", JSON.stringify({ name: "CLOCK", subjects: ["clock.v1.>"] })],
  ["STREAM.PURGE.KV_directory", ""],
  ["STREAM.DELETE.CLOCK", ""],
  ["STREAM.MSG.GET.CLOCK", JSON.stringify({ seq: 1 })],
  ["STREAM.MSG.DELETE.CLOCK", JSON.stringify({ seq: 1 })],
  ["DIRECT.GET.CLOCK", JSON.stringify({ last_by_subj: segmentSubject(NEIGHBOUR) })],
  ["DIRECT.GET.CLOCK", JSON.stringify({ seq: 1 })],
  ...OTHERS.map((other) => [`DIRECT.GET.CLOCK.${segmentSubject(other)}`, ""] as const),
  [`DIRECT.GET.CLOCK.${resentSubject(THIEF)}`, ""],
  ["DIRECT.GET.CLOCK.clock.v1.acme.hq.*", ""],
  ["DIRECT.GET.CLOCK.clock.v1.>", ""],
  ["DIRECT.GET.KV_directory", JSON.stringify({ seq: 1 })],
  [`DIRECT.GET.KV_directory.${directorySubject(THIEF)}`, ""],
  [`DIRECT.GET.KV_directory.${directorySubject(OTHER_SITE)}`, ""],
  ["CONSUMER.CREATE.CLOCK", consumer("CLOCK", segmentSubject(THIEF))],
  ["CONSUMER.CREATE.CLOCK.probe", consumer("CLOCK", "clock.v1.>")],
  [`CONSUMER.CREATE.CLOCK.probe.${segmentSubject(THIEF)}`, consumer("CLOCK", "clock.v1.>")],
  ["CONSUMER.CREATE.KV_directory.probe.$KV.directory.>", consumer("KV_directory", "$KV.>")],
  [
    "CONSUMER.CREATE.KV_directory.probe.$KV.directory.acme.hq.>",
    consumer("KV_directory", "$KV.directory.acme.hq.>"),
  ],
  ["CONSUMER.DURABLE.CREATE.CLOCK.probe", consumer("CLOCK", "clock.v1.>")],
  ["CONSUMER.MSG.NEXT.CLOCK.intake", "1"],
  ["CONSUMER.DELETE.CLOCK.intake", ""],
  ["META.LEADER.STEPDOWN", ""],
];
const FORBIDDEN: ReadonlyArray<readonly [string, string]> = [
  ...FOREIGN_SUBJECTS.map((subject) => [subject, "forged"] as const),
  ...["$JS.API", "$JS.hub.API"].flatMap((prefix) =>
    API_CALLS.map(([call, payload]) => [`${prefix}.${call}`, payload] as const),
  ),
];

const EAVESDROP = [
  ">",
  "*.>",
  "clock.v1.>",
  "beat.v1.>",
  "evt.v1.>",
  "roster.v1.>",
  "cmd.v1.>",
  "$KV.>",
  "$JS.>",
  "$SYS.>",
  "_INBOX.>",
  "_INBOX_cloud.>",
  "_R_.>",
  ...OTHERS.flatMap((other) => [
    segmentSubject(other),
    gatewayCommandSubject(other, "*"),
    `${gatewayInbox(other)}.>`,
    directorySubject(other),
  ]),
  rosterChangedSubject("acme", "plant"),
];

const publishSegment = (nc: NatsConnection, g: GatewayAddress, text: string): Promise<unknown> =>
  jetstream(nc, { domain: "hub", checkAPI: false, timeout: 1000 }).publish(segmentSubject(g), text);

describe.skipIf(!available("nats-server", findNatsServer()))("a gateway's key", () => {
  let site: Site;
  let cloud: NatsConnection;
  let neighbour: NatsConnection;
  /** What reached anybody but the thief, without having been asked for. */
  const intruded: string[] = [];

  beforeAll(async () => {
    site = await startSite({
      gateways: [THIEF, ...OTHERS],
      leafs: [THIEF, NEIGHBOUR],
    });
    await applyTestTopology(site);
    cloud = await site.connectCloud("cloud-all");
    neighbour = await site.connectGateway(NEIGHBOUR);
    await eventually(() => publishSegment(neighbour, NEIGHBOUR, SECRET), { what: "linked" });
    for (const other of [OTHER_SITE, OTHER_TENANT]) {
      await publishSegment(await site.connectGateway(other, "hub"), other, SECRET);
    }
    await putDirectory(THIEF);
    await putDirectory(OTHER_SITE);
    listen(cloud, ["beat.v1.*.*.*", "roster.v1.*.*.read", "_INBOX_cloud.probe"]);
    for (const other of OTHERS) {
      listen(await site.connectGateway(other, "hub"), [
        gatewayCommandSubject(other, "*"),
        `${gatewayInbox(other)}.probe`,
        rosterChangedSubject(other.tenant, other.site),
      ]);
    }
  });
  afterAll(() => site.stop());

  const listen = (nc: NatsConnection, subjects: readonly string[]): void => {
    for (const subject of subjects) {
      nc.subscribe(subject, {
        callback: (_problem, message) =>
          void intruded.push(`${message.subject}: ${message.string()}`),
      });
    }
  };
  const putDirectory = async (gateway: GatewayAddress): Promise<void> => {
    const kv = await new Kvm(cloud).open(BUCKETS.directory);
    await kv.put(directoryKey(gateway.tenant, gateway.site, "number-1"), SECRET);
  };
  /** Everything stored anywhere, apart from the thief's own two subjects. */
  const storedByOthers = async (): Promise<Record<string, unknown>> => {
    const jsm = await jetstreamManager(cloud);
    const found: Record<string, unknown> = {};
    for (const bucket of Object.values(BUCKETS)) {
      found[bucket] = (
        await jsm.streams.info(`KV_${bucket}`, { subjects_filter: ">" })
      ).state.subjects;
    }
    for (const stream of Object.values(STREAMS)) {
      const { state } = await jsm.streams.info(stream, { subjects_filter: ">" });
      const subjects = Object.entries(state.subjects ?? {}).filter(
        ([subject]) => subject !== segmentSubject(THIEF) && subject !== resentSubject(THIEF),
      );
      found[stream] = [Object.fromEntries(subjects), state.consumer_count];
    }
    return found;
  };

  /** With the thief's key: as shipped, through a leaf server of the thief's own without any rules, and straight in. */
  const connectThief = async (way: string): Promise<NatsConnection> => {
    if (way === "its own leaf server") return site.connectGateway(THIEF);
    if (way === "the hub") return site.connectGateway(THIEF, "hub");
    const port = await freePort();
    const file = join(site.dir, "thief.conf");
    const seed = readFileSync(site.deployment.gateway(THIEF).seedFile, "utf8").trim();
    writeFileSync(
      file,
      `listen: "127.0.0.1:${port}"\nleafnodes { remotes: [ { url: "nats://127.0.0.1:${site.hubLeafPort}", nkey: "${seed}" } ] }\n`,
    );
    const server = await startServer(file, port);
    const nc = site.closeLater(
      await connectNats({
        servers: [server.url],
        name: "thief",
        inboxPrefix: gatewayInbox(THIEF),
        log: silentLog(),
      }),
    );
    await eventually(() => publishSegment(nc, THIEF, "linked"), { what: "the thief's link" });
    return nc;
  };

  describe.each(["its own leaf server", "a leaf server without rules", "the hub"])(
    "used at %s",
    (way) => {
      let thief: NatsConnection;
      /** Answers and deliveries to the thief's inbox. */
      const gained: string[] = [];

      beforeAll(async () => {
        thief = await connectThief(way);
        gained.length = 0;
        for (const subject of ["probe.*", "stolen"]) {
          thief.subscribe(`${gatewayInbox(THIEF)}.${subject}`, {
            callback: (_problem, message) => {
              // An answer without body is the server's "nobody is there".
              if (message.headers?.code !== 503)
                gained.push(`${message.subject} ${message.string()}`);
            },
          });
        }
        await thief.flush();
      });

      /** Resolves when everything the thief sent before has reached the hub and been answered. */
      const settled = async (): Promise<void> => {
        await thief.flush();
        await publishSegment(thief, THIEF, "barrier");
        await publishSegment(neighbour, NEIGHBOUR, SECRET);
        await cloud.flush();
      };

      it("stores its segments, reads its newest one back, beats, asks for its roster, answers commands", async () => {
        const { direct } = await jetstreamManager(thief, { domain: "hub", checkAPI: false });
        await publishSegment(thief, THIEF, "mine");
        await jetstream(thief, { domain: "hub", checkAPI: false }).publish(
          resentSubject(THIEF),
          "x",
        );
        const last = await direct.getMessage(STREAMS.clock, {
          last_by_subj: segmentSubject(THIEF),
        });
        expect(last?.string()).toBe("mine");

        const heard: string[] = [];
        const answering = cloud.subscribe(rosterReadSubject("acme", "hq"), {
          callback: (_problem, message) => void message.respond("roster"),
        });
        const beating = cloud.subscribe(heartbeatSubject(THIEF), {
          callback: (_problem, message) => void heard.push(message.string()),
        });
        thief.subscribe(rosterChangedSubject("acme", "hq"), {
          callback: () => void heard.push("changed"),
        });
        const commanded = thief.subscribe(gatewayCommandSubject(THIEF, "resend"), {
          callback: (_problem, message) => void message.respond("done"),
        });
        await Promise.all([cloud.flush(), thief.flush()]);
        expect((await thief.request(rosterReadSubject("acme", "hq"), "")).string()).toBe("roster");
        const command = gatewayCommandSubject(THIEF, "resend");
        await eventually(async () => (await cloud.request(command, "go")).string() === "done");
        thief.publish(heartbeatSubject(THIEF), "beat");
        cloud.publish(rosterChangedSubject("acme", "hq"));
        await eventually(() => heard.includes("beat") && heard.includes("changed"));
        for (const subscription of [answering, beating, commanded]) subscription.unsubscribe();
        await Promise.all([cloud.flush(), thief.flush()]);
      });

      it("can publish and request nothing else", async () => {
        const before = await storedByOthers();
        intruded.length = 0;
        for (const [index, [subject, payload]] of FORBIDDEN.entries()) {
          thief.publish(subject, payload, { reply: `${gatewayInbox(THIEF)}.probe.${index}` });
        }
        await settled();
        expect(gained).toEqual([]);
        expect(intruded).toEqual([]);
        expect(await storedByOthers()).toEqual(withOneMore(before, NEIGHBOUR));
      });

      it("cannot make the hub answer where it may not write itself", async () => {
        const before = await storedByOthers();
        intruded.length = 0;
        const answering = cloud.subscribe(rosterReadSubject("acme", "hq"), {
          callback: (_problem, message) => void message.respond("roster"),
        });
        await cloud.flush();
        await publishSegment(thief, THIEF, "any bytes the thief likes");
        const asked = [
          segmentSubject(THIEF),
          resentSubject(THIEF),
          rosterReadSubject("acme", "hq"),
          `$JS.API.DIRECT.GET.CLOCK.${segmentSubject(THIEF)}`,
          `$JS.hub.API.DIRECT.GET.CLOCK.${segmentSubject(THIEF)}`,
        ];
        for (const subject of asked) {
          for (const [reply] of FORBIDDEN) thief.publish(subject, "forged", { reply });
        }
        await settled();
        answering.unsubscribe();
        await cloud.flush();
        expect(intruded.filter((line) => !line.startsWith("roster.v1.acme.hq.read"))).toEqual([]);
        expect(await storedByOthers()).toEqual(withOneMore(before, NEIGHBOUR));
      });

      it("hears nothing that is not for it", async () => {
        const heard: string[] = [];
        for (const subject of EAVESDROP) {
          thief.subscribe(subject, {
            callback: (problem, message) => {
              if (problem === null && message.string().includes(SECRET))
                heard.push(message.subject);
            },
          });
        }
        await settled();
        const answering = neighbour.subscribe(gatewayCommandSubject(NEIGHBOUR, "resend"), {
          callback: (_problem, message) => void message.respond(SECRET),
        });
        await neighbour.flush();
        const command = gatewayCommandSubject(NEIGHBOUR, "resend");
        await eventually(async () => (await cloud.request(command, SECRET)).string() === SECRET);
        await publishSegment(neighbour, NEIGHBOUR, SECRET);
        neighbour.publish(heartbeatSubject(NEIGHBOUR), SECRET);
        await neighbour.flush();
        cloud.publish(rosterChangedSubject("acme", "plant"), SECRET);
        await putDirectory(THIEF);
        await putDirectory(OTHER_SITE);
        await jetstream(cloud).publish("evt.v1.employee.3.acme.emp-1", SECRET);
        await settled();
        answering.unsubscribe();
        expect(heard).toEqual([]);
      });
    },
  );

  it("is worth nothing once it is revoked and the hub reloaded, and others do not notice", async () => {
    const enrolled = OTHERS.map(({ tenant, site: at, gateway }) => {
      const { publicKey } = site.deployment.gateway({ tenant, site: at, gateway });
      return { tenant, site: at, gateway, publicKey };
    });
    const hubDir = join(site.dir, "hub");
    writeFileSync(join(hubDir, HUB_FILES.gateways), gatewaysConfig(enrolled));
    writeFileSync(join(hubDir, HUB_FILES.gatewayImports), gatewayImportsConfig(enrolled));
    let lost = 0;
    void (async () => {
      for await (const status of neighbour.status()) lost += status.type === "disconnect" ? 1 : 0;
    })();
    const revoked = await site.connectGateway(THIEF);
    await publishSegment(revoked, THIEF, "still welcome");
    await site.hub.reload();
    await eventually(
      async () => {
        const answer = await publishSegment(revoked, THIEF, "revoked").catch(() => "refused");
        return answer === "refused";
      },
      { what: "the revoked gateway is cut off" },
    );
    const before = await storedByOthers();
    await publishSegment(neighbour, NEIGHBOUR, SECRET);
    expect(await storedByOthers()).toEqual(withOneMore(before, NEIGHBOUR));
    expect(lost).toBe(0);
  });
});

/** `stored` after one more segment of `gateway`, the one that `settled` waits for. */
function withOneMore(
  stored: Record<string, unknown>,
  gateway: GatewayAddress,
): Record<string, unknown> {
  const [subjects, consumers] = stored[STREAMS.clock] as [Record<string, number>, number];
  const subject = segmentSubject(gateway);
  return {
    ...stored,
    [STREAMS.clock]: [{ ...subjects, [subject]: (subjects[subject] ?? 0) + 1 }, consumers],
  };
}
