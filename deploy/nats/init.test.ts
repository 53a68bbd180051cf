import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type TempDir, tempDir } from "../../test/support/temp.ts";
import { gatewaysConfig } from "./generate.ts";
import { type HubSettings, initDeployment } from "./init.ts";
import { CLOUD_ROLES, permissionsOf } from "./permissions.ts";

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
const text = (...path: string[]): string => readFileSync(join(temp.path, ...path), "utf8");

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

it("an id cannot break out of the configuration", () => {
  const evil = { tenant: 'a" b', site: "}", gateway: "$x", publicKey: "U" };
  expect(gatewaysConfig([evil])).toContain(String.raw`"a\" b/}/$x" {`);
});
