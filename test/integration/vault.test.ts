import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { BUCKETS, personKey } from "@clockleaf/shared/subjects.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import { type KV, Kvm } from "@nats-io/kv";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PersonAddress } from "../../cloud/eventing/vault.ts";
import { type KvVault, openKvVault } from "../../cloud/vault/kv-vault.ts";
import { rotateMasterKey } from "../../cloud/vault/rotate.ts";
import { runCloud, startCloudProcess, writeCloudConfig } from "../support/cloud.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const NOW = Date.parse("2026-11-24T08:00:00Z");
const NAME = "Lovelace-Byron";
const plain = new TextEncoder().encode(NAME);
const ada: PersonAddress = { tenant: "acme", personId: "ada" };
const ben: PersonAddress = { tenant: "acme", personId: "ben" };

describe.skipIf(!available("nats-server", findNatsServer()))("the vault of persons' keys", () => {
  let cloud: CloudHub;
  let dir: TempDir;
  let kv: KV;
  let vaults: KvVault[];
  const file = (): string => join(dir.path, "master.key");
  const next = (): string => join(dir.path, "next.key");

  beforeEach(async () => {
    cloud = await startCloudHub();
    kv = await new Kvm(cloud.nc).open(BUCKETS.personKeys);
    dir = tempDir("vault");
    vaults = [];
  });
  afterEach(async () => {
    for (const vault of vaults) await vault.close();
    await cloud[Symbol.asyncDispose]();
    dir.remove();
  });

  /** As another process would: on a connection of its own. */
  const open = async (masterKeyFile = file(), cacheSize?: number): Promise<KvVault> => {
    const nc = await cloud.site.connectCloud("cloud-api");
    const log = silentLog();
    const sized = cacheSize === undefined ? {} : { cacheSize };
    const vault = await openKvVault({ nc, masterKeyFile, nowMs: () => NOW, log, ...sized });
    vaults.push(vault);
    return vault;
  };
  test("what one process seals another opens, and the bucket holds no key in the clear", async () => {
    const one = await open();
    const box = await one.seal(ada, plain);
    expect(Buffer.from(box).includes(NAME)).toBe(false);
    const two = await open();
    expect(await opened(two, ada, box)).toBe(NAME);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    const master = Buffer.from(readFileSync(file(), "utf8").trim(), "hex");
    for await (const entry of await kv.watch()) {
      expect(Buffer.from(entry.value).includes(master)).toBe(false);
      if (entry.delta === 0) break;
    }
    await expect(two.open(ben, box)).resolves.toBeUndefined();
    await two.seal(ben, plain);
    await expect(two.open(ben, box)).rejects.toMatchObject({ code: "vault.damaged" });
  });

  test("two processes that make a person's key at once use one and the same", async () => {
    const [one, two] = [await open(), await open()];
    const people = Array.from({ length: 20 }, (_, n) => ({ tenant: "acme", personId: `p${n}` }));
    const boxes = await Promise.all(
      people.flatMap((who) => [one, two, one].map((vault) => vault.seal(who, plain))),
    );
    const third = await open(file(), 3);
    for (const [index, box] of boxes.entries()) {
      const who = people[Math.floor(index / 3)] ?? ada;
      expect(await opened(third, who, box)).toBe(NAME);
    }
  });

  test("two processes that start first at once end up with one master key", async () => {
    const [one, two] = await Promise.all([open(), open()]);
    expect(await opened(two, ada, await one.seal(ada, plain))).toBe(NAME);
  });

  test("an erased person is forgotten by every process within moments, and for good", async () => {
    const [one, two] = [await open(), await open()];
    const box = await one.seal(ada, plain);
    // Until it is remembered, so that forgetting means something.
    for (let n = 0; n < 5; n += 1) expect(await opened(two, ada, box)).toBe(NAME);
    await one.erase(ada);
    expect(await opened(one, ada, box)).toBeUndefined();
    await eventually(async () => (await opened(two, ada, box)) === undefined, {
      what: "the other process forgets",
    });
    for (const vault of [one, two, await open()]) {
      await expect(vault.seal(ada, plain)).rejects.toMatchObject({ code: "vault.erased" });
      expect(await opened(vault, ada, box)).toBeUndefined();
    }
    const before = (await kv.get(personKey("acme", "ada")))?.revision;
    await two.erase(ada);
    expect((await kv.get(personKey("acme", "ada")))?.revision).toBe(before);
  });

  test("an erasure wins over whoever seals for the first time at the same moment", async () => {
    const [one, two] = [await open(), await open()];
    const people = Array.from({ length: 20 }, (_, n) => ({ tenant: "acme", personId: `q${n}` }));
    await Promise.all(
      people.flatMap((who) => [one.erase(who), two.seal(who, plain).catch(() => undefined)]),
    );
    const fresh = await open();
    for (const who of people) {
      await expect(fresh.seal(who, plain)).rejects.toMatchObject({ code: "vault.erased" });
    }
  });

  test("a link that was cut in the meantime does not bring anybody back", async () => {
    const nc = await cloud.site.connectCloud("cloud-api");
    const options = { nc, masterKeyFile: file(), nowMs: () => NOW, log: silentLog() };
    const cut = await openKvVault(options);
    vaults.push(cut);
    const box = await cut.seal(ada, plain);
    expect(await opened(cut, ada, box)).toBe(NAME);
    await nc.reconnect();
    const other = await open();
    await other.erase(ada);
    await eventually(async () => (await opened(cut, ada, box).catch(() => "later")) === undefined, {
      what: "forgotten after the reconnect",
    });
  });

  test("a master key that is missing or another is told at the start, with what to do", async () => {
    const one = await open();
    await one.seal(ada, plain);
    const other = join(dir.path, "other.key");
    await expect(open(other)).rejects.toMatchObject({
      code: "vault.wrong-key",
      retriable: false,
      message: expect.stringMatching(/other\.key is missing.*copy that file/u),
    });
    expect(existsSync(other)).toBe(false);
    writeFileSync(other, `${"ab".repeat(32)}\n`, { mode: 0o600 });
    await expect(open(other)).rejects.toMatchObject({ code: "vault.wrong-key" });
    writeFileSync(other, "rubbish\n");
    await expect(open(other)).rejects.toMatchObject({ code: "config.invalid" });
    chmodSync(file(), 0o644);
    await expect(open()).rejects.toMatchObject({ code: "config.invalid" });
  });

  const rotate = (): Promise<{ rewrapped: number }> =>
    rotateMasterKey({ nc: cloud.nc, masterKeyFile: file(), newMasterKeyFile: next() });

  describe("under a new master key", () => {
    test("everything opens, the old one opens nothing, and running processes follow the file", async () => {
      const one = await open();
      const boxes = { ada: await one.seal(ada, plain), ben: await one.seal(ben, plain) };
      await one.erase(ben);
      expect(await rotate()).toMatchObject({ rewrapped: 1 });
      expect(await rotate()).toMatchObject({ rewrapped: 0 });
      const two = await open(next());
      expect(await opened(two, ada, boxes.ada)).toBe(NAME);
      expect(await opened(two, ben, boxes.ben)).toBeUndefined();
      await expect(open()).rejects.toMatchObject({ code: "vault.wrong-key" });

      const cleo = { tenant: "acme", personId: "cleo" };
      await eventually(
        async () => (await one.seal(cleo, plain).catch((error: unknown) => error)) instanceof Error,
        { what: "no key is made under the old master key" },
      );
      await expect(one.seal({ tenant: "acme", personId: "dan" }, plain)).rejects.toMatchObject({
        code: "vault.wrong-key",
        retriable: true,
      });
      writeFileSync(file(), readFileSync(next()));
      const box = await one.seal({ tenant: "acme", personId: "dan" }, plain);
      expect(await opened(two, { tenant: "acme", personId: "dan" }, box)).toBe(NAME);
    });

    test("a rotation that was broken off is told, and goes on where it was", async () => {
      const one = await open();
      const people = Array.from({ length: 9 }, (_, n) => ({ tenant: "acme", personId: `r${n}` }));
      const boxes = await Promise.all(people.map((who) => one.seal(who, plain)));
      await one.close();
      // Broken off: announced, four keys done, five as before.
      const names = people.map(({ personId }) => personKey("acme", personId));
      const valueOf = async (name: string) => (await kv.get(name))?.value ?? new Uint8Array();
      const undone = await Promise.all(names.slice(4).map(valueOf));
      const from = await valueOf("master");
      await rotate();
      await kv.put("master", announced(from, await valueOf("master")));
      for (const [index, value] of undone.entries()) await kv.put(names[4 + index] ?? "", value);
      await expect(open()).rejects.toMatchObject({
        code: "vault.wrong-key",
        message: expect.stringContaining("vault rotate"),
      });
      expect(await rotate()).toMatchObject({ rewrapped: 5 });
      rmSync(file());
      const two = await open(next());
      for (const [index, box] of boxes.entries()) {
        expect(await opened(two, people[index] ?? ada, box)).toBe(NAME);
      }
    });
  });

  test("the command line rotates it, and a cloud that still has the old one says so and ends", async () => {
    const config = writeCloudConfig({
      dir: dir.path,
      servers: [cloud.site.hub.url],
      seedFile: cloud.site.deployment.seedFile("cloud-all"),
    });
    const vault = await open();
    await vault.seal(ada, plain);
    const args = ["vault", "rotate", "--config", config.file, "--new-master-key-file"];
    const same = await runCloud([...args, file()]);
    expect(same).toMatchObject({ code: 3, stderr: expect.stringContaining("the same key") });
    const rotated = await runCloud([...args, next()]);
    expect(rotated).toMatchObject({ code: 0, stdout: expect.stringContaining("rewrapped 1 keys") });
    const old = await startCloudProcess(config);
    await eventually(() => old.log().includes("vault.wrong-key"), { what: "it says so" });
    expect(old.log()).toContain("copy that file from another cloud machine");
    expect(await old.stop()).not.toBe(0);
    writeFileSync(file(), readFileSync(next()));
    const renewed = await startCloudProcess(config);
    await eventually(async () => (await renewed.call("GET", "/readyz")).status === 200, {
      what: "it starts under the new one",
      timeoutMs: 20_000,
    });
    await renewed.stop();
  });
});

async function opened(
  vault: KvVault,
  who: PersonAddress,
  box: Uint8Array,
): Promise<string | undefined> {
  const bytes = await vault.open(who, box);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

const masterIdIn = (entry: Uint8Array): string =>
  /[0-9a-f]{16}/u.exec(Buffer.from(entry).toString("latin1"))?.[0] ?? "";

/** The entry of a bucket under one master key that another is about to replace. */
const announced = (from: Uint8Array, to: Uint8Array): Uint8Array =>
  encode({ kind: "master", masterId: masterIdIn(from), nextId: masterIdIn(to) });
