import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compareSync } from "bcryptjs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TempDir, tempDir } from "../../test/support/temp.ts";
import { gatewaysConfig } from "./generate.ts";
import { type HubSettings, initDeployment } from "./init.ts";
import { CLOUD_ROLES, permissionsOf } from "./permissions.ts";
import type { NewTerminals } from "./terminal-keys.ts";

const HUB: HubSettings = {
  serverName: "hub-1",
  clients: { host: "127.0.0.1", port: 4222 },
  leafs: { host: "127.0.0.1", port: 7422 },
  maxFileBytes: 1024 ** 3,
  maxMemoryBytes: 1024 ** 2,
};
const gateway = (name: string, site = "hq") => ({
  tenant: "acme",
  site,
  gateway: name,
  port: 4223,
  hubUrls: ["nats://127.0.0.1:7422"],
});

let temp: TempDir;
beforeEach(() => {
  temp = tempDir("deploy");
});
afterEach(() => temp.remove());

const init = (...names: string[]) =>
  initDeployment({ dir: temp.path, hub: HUB, gateways: names.map((name) => gateway(name)) });
const initWith = (terminals?: NewTerminals) =>
  initDeployment({ dir: temp.path, hub: HUB, gateways: [{ ...gateway("gw1"), terminals }] });
const text = (...path: string[]): string => readFileSync(join(temp.path, ...path), "utf8");
const leaf = (): string => text("gateways", "acme.hq.gw1", "leaf.conf");

it("keeps every key and every gateway when it is run again with another gateway", () => {
  const first = init("gw1");
  const keys = CLOUD_ROLES.map((role) => readFileSync(first.seedFile(role), "utf8"));
  const key = first.gateway(gateway("gw1")).publicKey;
  const second = init("gw2");
  expect(CLOUD_ROLES.map((role) => readFileSync(second.seedFile(role), "utf8"))).toEqual(keys);
  expect(second.gateway(gateway("gw1")).publicKey).toBe(key);
  expect(text("hub", "gateways.conf")).toContain('"acme/hq/gw1"');
  expect(text("hub", "gateways.conf")).toContain('"acme/hq/gw2"');
  expect(text("hub", "gateway-imports.conf")).toContain('"acme/hq/gw2"');
});

it("gives no two roles and no two gateways the same key", () => {
  init("gw1", "gw2");
  const keys = [...text("hub", "cloud-users.conf").matchAll(/U[A-Z2-7]{55}/g)].concat([
    ...text("hub", "gateways.conf").matchAll(/U[A-Z2-7]{55}/g),
  ]);
  expect(new Set(keys.map(([key]) => key)).size).toBe(CLOUD_ROLES.length + 2);
});

it("writes secrets for their owner alone, and into no file that others read", () => {
  const deployment = init("gw1");
  const files = deployment.gateway(gateway("gw1"));
  const secrets = [
    ...[...CLOUD_ROLES, "operator" as const].map((role) => deployment.seedFile(role)),
    files.seedFile,
    join(temp.path, "gateways", "acme.hq.gw1", "gateway-nkey.conf"),
  ];
  expect(secrets.map((file) => statSync(file).mode & 0o777)).toEqual(secrets.map(() => 0o600));
  for (const file of ["hub.conf", "cloud-users.conf", "gateways.conf"]) {
    expect(text("hub", file)).not.toMatch(/SU[A-Z2-7]{50}/);
  }
  expect(readFileSync(files.leafConfig, "utf8")).not.toMatch(/SU[A-Z2-7]{50}/);
});

it("refuses a damaged list of gateways rather than forgetting them", () => {
  init("gw1");
  writeFileSync(join(temp.path, "gateways.json"), "{");
  expect(() => init("gw2")).toThrowError(expect.objectContaining({ code: "config.invalid" }));
});

/** A dead letter that went through in the end may go; that stream keeps nothing for ever. */
const ONE_LETTER = "$JS.API.STREAM.MSG.DELETE.DLQ";

it("gives no cloud role the right to delete or purge a stream, or to write segments", () => {
  const denied = [
    "$JS.API.STREAM.DELETE",
    "$JS.API.STREAM.PURGE",
    "$JS.API.STREAM.MSG.DELETE",
    "clock",
  ];
  for (const role of CLOUD_ROLES) {
    const fixedPart = permissionsOf(role)
      .publish.filter((subject) => subject !== ONE_LETTER)
      .map((subject) => subject.replace(/[*>].*$/, ""));
    const granted = fixedPart.filter((part) =>
      denied.some((prefix) => part.startsWith(prefix) || prefix.startsWith(part)),
    );
    expect(granted).toEqual([]);
  }
});

describe("terminals that publish by themselves", () => {
  const mqtt = { listen: { host: "127.0.0.1", port: 1883 }, storeDir: "/var/lib/x" };

  it("keep their keys and passwords when it is run again, so that nobody is disconnected", () => {
    const first = initWith({ ids: ["desk"], mqtt });
    const before = leaf();
    const { terminals } = first.gateway(gateway("gw1"));
    const { passwordFile, seedFile } = terminals.terminal("desk");
    const password = readFileSync(passwordFile, "utf8").trim();
    expect(password).toMatch(/^[0-9a-f]{48}$/);
    for (const file of [passwordFile, seedFile, terminals.readerSeedFile]) {
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(before).not.toContain(readFileSync(file, "utf8").trim());
    }
    initWith({ ids: ["desk"], mqtt });
    expect(leaf()).toBe(before);
    writeFileSync(passwordFile, "typed-by-hand");
    initWith({ ids: ["desk"], mqtt });
    const [hash = ""] = /\$2b\$10\$[./A-Za-z0-9]{53}/.exec(leaf()) ?? [];
    expect(compareSync("typed-by-hand", hash)).toBe(true);
    writeFileSync(passwordFile, "x".repeat(73));
    expect(() => initWith({ ids: ["desk"], mqtt })).toThrowError(/1 to 72 bytes/);
  });

  it("bring JetStream only with MQTT, in their own account, never in the one that the link carries", () => {
    initWith();
    expect(leaf()).not.toMatch(/jetstream|mqtt|TERMINALS|accounts/);
    initWith({ ids: ["desk"] });
    expect(leaf()).not.toMatch(/jetstream|mqtt/);
    expect(leaf()).toContain('account: "GATEWAY"');
    initWith({ ids: ["desk"], mqtt });
    expect(leaf()).toContain('"domain": "leaf-acme-hq-gw1"');
    const [gatewayAccount = "", terminals = ""] = leaf().split('"TERMINALS": {');
    expect(gatewayAccount).not.toContain("jetstream");
    expect(terminals.split("\njetstream: {")[0]).toContain('"jetstream": {');
    expect(leaf()).toContain('listen: "127.0.0.1:4223"');
    initWith({ ids: ["desk"], host: "0.0.0.0" });
    expect(leaf()).toContain('listen: "0.0.0.0:4223"');
  });
});

it("an id cannot break out of the configuration", () => {
  const evil = { tenant: 'a" b', site: "}", gateway: "$x", publicKey: "U" };
  expect(gatewaysConfig([evil])).toContain(String.raw`"a\" b/}/$x" {`);
});
