import { rmSync } from "node:fs";
import { join } from "node:path";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { ALL_ROSTER_READS, BUCKETS, directoryKey } from "@clockleaf/shared/subjects.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import type { GatewayRecord } from "@clockleaf/shared/wire/gateway.ts";
import { createNkey } from "@clockleaf/shared/wire/nkey.ts";
import {
  rosterPageSchema,
  rosterRequestSchema,
  type SiteRules,
} from "@clockleaf/shared/wire/roster.ts";
import { parseRuleBook, type RuleBook } from "@clockleaf/shared/worktime/rule-book.ts";
import { type KV, Kvm } from "@nats-io/kv";
import type { NatsConnection } from "nats";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RosterServer, serveRoster } from "../../cloud/fleet/roster.ts";
import { openSiteRules } from "../../cloud/fleet/site-rules.ts";
import { type Directory, openDirectory } from "../../edge-agent/directory/directory.ts";
import { followRoster, type RosterFollower } from "../../edge-agent/directory/roster-follower.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, type Site, startSite, TEST_GATEWAY } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { applyTestTopology } from "../support/uplink-rig.ts";

const bookOf = (description: string): RuleBook =>
  parseRuleBook({
    groups: { house: { description, punches: { repeatWindow: "10s" } } },
    assignments: [{ to: "everyone", use: ["house"], from: "2026-01-01" }],
  });
/** One of about so many bytes. */
const largeBook = (kilobytes: number): RuleBook => {
  const description = "x".repeat(1000);
  const numbers = Array.from({ length: kilobytes }, (_, n) => n);
  return parseRuleBook({
    groups: Object.fromEntries(numbers.map((n) => [`g${n}`, { description }])),
  });
};

describe.skipIf(!available("nats-server", findNatsServer()))("a gateway's directory", () => {
  let site: Site;
  let cloud: NatsConnection;
  let kv: KV;
  let server: RosterServer;
  let directory: Directory;
  let follower: RosterFollower;

  const open = (): Directory =>
    openDirectory({
      path: join(site.dir, "directory.db"),
      identity: TEST_GATEWAY,
      log: silentLog(),
    });
  /** Unless told it never asks by itself: what arrives, arrives by notice. */
  const follow = async (pollMs = 3_600_000): Promise<RosterFollower> =>
    followRoster({
      feed: directory.feed,
      connection: await site.connectGateway(),
      identity: TEST_GATEWAY,
      log: silentLog(),
      pollMs,
      timeoutMs: 500,
    });
  beforeEach(async () => {
    site = await startSite();
    await applyTestTopology(site);
    cloud = await site.connectCloud("cloud-consumers");
    kv = await new Kvm(cloud).open(BUCKETS.directory);
    server = await serveRoster({ nc: cloud, log: silentLog() });
    directory = open();
    follower = await follow();
  });
  afterEach(async () => {
    await follower.close();
    directory.close();
    await server.close();
    await site.stop();
  });

  const put = (badge: string, employeeId: string, at = "hq"): Promise<number> =>
    kv.put(
      directoryKey("acme", at, badge),
      encode({ employeeId, greeting: "HI", state: "valid", validFromMs: 0, pin: null }),
    );
  const holder = (badge: string): string => {
    const found = directory.lookup(badge, 1);
    return found.kind === "known" ? found.entry.employeeId : found.kind;
  };
  const untilHolder = (badge: string, expected: string): Promise<unknown> =>
    eventually(() => holder(badge) === expected, { what: `${badge} is ${expected}` });

  it("follows assignments, changes and withdrawals within moments, of its own site only", async () => {
    await eventually(() => directory.status().state === "loaded");
    await put("number-7", "elsewhere", "plant");
    await put("number-1", "anna");
    await untilHolder("number-1", "anna");
    await put("number-1", "ben");
    await untilHolder("number-1", "ben");
    await kv.delete(directoryKey("acme", "hq", "number-1"));
    await untilHolder("number-1", "unknown");
    expect(holder("number-7")).toBe("unknown");
    expect(directory.status().entries).toBe(0);
  });

  it("loads a large site page by page, and after a restart only what changed", async () => {
    await follower.close();
    await Promise.all(Array.from({ length: 1200 }, (_, n) => put(`number-${n}`, `e${n}`)));
    follower = await follow();
    await eventually(() => directory.status().entries === 1200, { what: "all loaded" });
    await follower.close();
    directory.close();

    await put("number-3", "new-holder");
    const asked: number[] = [];
    const spy = await site.connectCloud("cloud-all");
    spy.subscribe(ALL_ROSTER_READS, {
      callback: (_problem, message) =>
        void asked.push(decode(message.data, rosterRequestSchema, { what: "request" }).after),
    });
    await spy.flush();
    directory = open();
    expect(holder("number-4")).toBe("e4");
    follower = await follow();
    await untilHolder("number-3", "new-holder");
    expect(Math.min(...asked)).toBeGreaterThanOrEqual(1200);
  });

  it("answers as before while the link is cut, and catches up by itself afterwards", async () => {
    await put("number-1", "anna");
    await untilHolder("number-1", "anna");
    await follower.close();
    follower = await follow(200);
    site.leaf().link.cut();
    await put("number-1", "ben");
    await put("number-2", "carl");
    expect(holder("number-1")).toBe("anna");
    expect(holder("number-2")).toBe("unknown");
    site.leaf().link.resume();
    await eventually(() => holder("number-1") === "ben" && holder("number-2") === "carl", {
      what: "caught up",
      timeoutMs: 20_000,
    });
  });

  it("is told of changes again after the hub was killed, and after the cloud process was", async () => {
    await put("number-1", "anna");
    await untilHolder("number-1", "anna");
    await site.hub.kill();
    await site.hub.start();
    await eventually(
      async () => {
        await put("number-1", "ben");
        return holder("number-1") === "ben";
      },
      { what: "a change after the hub came back", timeoutMs: 30_000 },
    );
    await server.close();
    await put("number-1", "carl");
    server = await serveRoster({ nc: cloud, log: silentLog() });
    await put("number-2", "dora");
    await untilHolder("number-2", "dora");
    expect(holder("number-1")).toBe("carl");
  });

  it("forgets the people of a hub that was wiped", async () => {
    await put("number-1", "anna");
    await put("number-2", "ben");
    await untilHolder("number-2", "ben");
    await follower.close();
    follower = await follow(200);
    await site.hub.kill();
    rmSync(join(site.dir, "hub", "jetstream"), { recursive: true });
    await site.hub.start();
    await applyTestTopology(site);
    await eventually(() => put("number-2", "bea"), { what: "the hub takes changes" });
    await eventually(() => holder("number-2") === "bea", { what: "bea", timeoutMs: 30_000 });
    expect(holder("number-1")).toBe("unknown");
  });

  const register = async (gateway: string, change: Partial<GatewayRecord>): Promise<void> => {
    const admin = await site.connectCloud("cloud-all");
    const gateways = await new Kvm(admin).open(BUCKETS.gateways);
    const record = { publicKey: createNkey().publicKey, name: gateway, zone: "Europe/Berlin" };
    const active = { ...record, registeredAtMs: 0, status: "active" };
    await gateways.put(`acme.hq.${gateway}`, encode({ ...active, ...change }));
  };
  const untilRules = async (are: (rules: SiteRules | undefined) => boolean): Promise<void> => {
    await eventually(() => are(directory.siteRules()), { what: "other rules" });
  };

  const serveWith = async (book: RuleBook, nowMs = Date.now): Promise<void> => {
    await server.close();
    const rules = await openSiteRules(cloud, { book, nowMs, log: silentLog() });
    server = await serveRoster({ nc: cloud, log: silentLog(), rules });
  };

  describe("brings the rules of the site", () => {
    it("with the zone its gateways are registered in, and the badges after them", async () => {
      await register("gw1", {});
      await serveWith(bookOf("one"));
      await put("number-1", "anna");
      await untilHolder("number-1", "anna");
      const rules = directory.siteRules();
      expect(rules).toMatchObject({ zone: "Europe/Berlin" });
      expect(parseRuleBook(rules?.book)).toEqual(bookOf("one"));
    });

    it("again when they have changed, without being told, and over a restart", async () => {
      await register("gw1", {});
      await serveWith(bookOf("one"));
      await follower.close();
      follower = await follow(200);
      await untilRules((rules) => rules !== undefined);
      const before = directory.siteRules();
      await serveWith(bookOf("two"));
      await untilRules((rules) => rules?.revision !== before?.revision);
      await follower.close();
      directory.close();
      directory = open();
      expect(parseRuleBook(directory.siteRules()?.book)).toEqual(bookOf("two"));
      const asked: unknown[] = [];
      cloud.subscribe(ALL_ROSTER_READS, {
        callback: (_problem, message) =>
          void asked.push(decode(message.data, rosterRequestSchema, { what: "request" }).rules),
      });
      await cloud.flush();
      follower = await follow(200);
      await eventually(() => asked.length > 2, { what: "the gateway asks on" });
      expect(new Set(asked)).toEqual(new Set([directory.siteRules()?.revision]));
    });

    it("in another zone once that was put right", async () => {
      let nowMs = 0;
      await register("gw1", { zone: "Europe/Paris" });
      await serveWith(bookOf("one"), () => nowMs);
      await follower.close();
      follower = await follow(200);
      await untilRules((rules) => rules?.zone === "Europe/Paris");
      await register("gw1", { zone: "Europe/Berlin" });
      nowMs += 60_000;
      await untilRules((rules) => rules?.zone === "Europe/Berlin");
      expect(parseRuleBook(directory.siteRules()?.book)).toEqual(bookOf("one"));
    });

    it("not of a revoked gateway, nor of a record that nobody can read", async () => {
      await register("gw0", { zone: "Asia/Dubai", status: "revoked", revokedAtMs: 1 });
      await register("gw00", { zone: "Mars/Olympus" });
      await register("gw1", {});
      await serveWith(bookOf("one"));
      await put("number-1", "anna");
      await untilHolder("number-1", "anna");
      expect(directory.siteRules()?.zone).toBe("Europe/Berlin");
    });

    it("not while no gateway of the site is registered; badges come all the same", async () => {
      await serveWith(bookOf("one"));
      await put("number-1", "anna");
      await untilHolder("number-1", "anna");
      expect(directory.siteRules()).toBeUndefined();
    });

    it("not if they are larger than a message takes, and takes smaller ones back", async () => {
      await register("gw1", {});
      await serveWith(bookOf("one"));
      await put("number-1", "anna");
      await untilHolder("number-1", "anna");
      expect(directory.siteRules()?.book).not.toBeNull();
      await serveWith(largeBook(750));
      await put("number-1", "ben");
      await untilHolder("number-1", "ben");
      expect(directory.siteRules()?.book).toBeNull();
    });

    it("up to the size that is told", async () => {
      await register("gw1", {});
      const book = largeBook(650);
      await serveWith(book);
      await put("number-1", "anna");
      await untilHolder("number-1", "anna");
      expect(parseRuleBook(directory.siteRules()?.book)).toEqual(book);
    });

    it("not to a gateway of the release before them, which gets its badges", async () => {
      await register("gw1", {});
      await serveWith(bookOf("one"));
      await put("number-1", "anna");
      const nc = await site.connectGateway();
      const older = encode({ generation: null, after: 0 });
      const reply = await nc.request("roster.v1.acme.hq.read", older, { timeout: 5000 });
      const page = decode(reply.data, rosterPageSchema, { what: "roster page" });
      expect(page).toMatchObject({ more: false, rules: null });
      expect(page.changes.map(({ badge }) => badge)).toEqual(["number-1"]);
    });
  });

  it("comes from a server that ends only when its answers are given", async () => {
    // Whatever the server is asked from here on, it is asked by us.
    await follower.close();
    await server.close();
    const asked = Promise.withResolvers<void>();
    const rules = Promise.withResolvers<null>();
    const of = (): Promise<null> => {
      asked.resolve();
      return rules.promise;
    };
    server = await serveRoster({ nc: cloud, log: silentLog(), rules: { of } });
    const nc = await site.connectGateway();
    const request = encode({ generation: null, after: 0 });
    const reply = nc.request("roster.v1.acme.hq.read", request, { timeout: 20_000 });
    await asked.promise;
    let isClosed = false;
    const closing = server.close().then(() => (isClosed = true));
    await cloud.flush();
    expect(isClosed).toBe(false);
    rules.resolve(null);
    await closing;
    expect(decode((await reply).data, rosterPageSchema, { what: "roster page" }).changes).toEqual(
      [],
    );
  });

  it("an entry that nobody can read is left out and does not hold up the others", async () => {
    await kv.put(directoryKey("acme", "hq", "number-1"), "rubbish");
    await put("number-2", "ben");
    await untilHolder("number-2", "ben");
    expect(holder("number-1")).toBe("unknown");
  });

  it("requests that make no sense get no answer and harm nobody", async () => {
    const nc = await site.connectGateway();
    const answers: string[] = [];
    nc.subscribe("_INBOX_gw1.probe", {
      callback: (_problem, message) => void answers.push(message.string()),
    });
    for (const payload of [Uint8Array.of(0xc1), encode({ after: -1 }), new Uint8Array(4096)]) {
      nc.publish("roster.v1.acme.hq.read", payload, { reply: "_INBOX_gw1.probe" });
    }
    await nc.flush();
    await put("number-1", "anna");
    await untilHolder("number-1", "anna");
    expect(answers).toEqual([]);
  });
});
