import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createNkey } from "../../shared/wire/nkey.ts";
import { findOpenssl, makeCertificate } from "../support/certificate.ts";
import { createDoctorRig, type DoctorRig, expectTrouble, natsOf } from "../support/doctor-rig.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, freePort, startServer, TEST_GATEWAY } from "../support/nats.ts";
import { available } from "../support/parts.ts";

// The real command where the way to the hub is really broken.

const hasNats = available("nats-server", findNatsServer());

let rig: DoctorRig;
beforeEach(() => {
  rig = createDoctorRig("doctor");
});
afterEach(() => rig[Symbol.asyncDispose]());

describe("clockleaf-edge doctor names what is broken, and the cure", () => {
  it.skipIf(!hasNats)("wrong key of the gateway: doctor and status exit 4", async () => {
    const site = await rig.startHubAndLeaf();
    rig.configure({ nats: { ...natsOf(site), seedFile: rig.seedFile } });
    const visit = await rig.doctor();
    const cure = /sudo install -m 600 gateway\.nk .*gateway\.nk.* acme\/hq\/gw1/;
    expectTrouble(visit.about(/^leaf server /), /wrong key: refuses this gateway's key/, cure);
    expect(visit.code).toBe(4);

    await rig.startAgent();
    await eventually(async () => (await rig.status()).uplink.state.kind === "refused");
    const asked = await rig.run(["status", "--json"]);
    expect(asked.code).toBe(4);
    expect(JSON.parse(asked.out).problems.join()).toContain("refuses this gateway's key");
    expect((await rig.doctor()).about("uplink of the agent").severity).toBe("fail");

    // Enrolled meanwhile: nothing needs to be restarted for the agent to be let in.
    rig.configure({ nats: natsOf(site) });
    expect((await rig.doctor()).about(/^leaf server /).severity).toBe("ok");
  });

  it.skipIf(!hasNats)(
    "a key that is taken back while the agent runs, and given again",
    async () => {
      const site = await rig.startHubAndLeaf();
      const { server } = site.leaf();
      rig.configure({ nats: natsOf(site) });
      await rig.startAgent();
      await eventually(async () => (await rig.status()).uplink.state.kind === "idle");
      const { leafConfig, publicKey } = site.deployment.gateway(TEST_GATEWAY);
      const text = readFileSync(leafConfig, "utf8");
      writeFileSync(leafConfig, text.replaceAll(publicKey, createNkey().publicKey));
      await server.reload();
      await eventually(async () => (await rig.run(["status"])).code === 4);
      expect((await rig.doctor()).code).toBe(4);
      writeFileSync(leafConfig, text);
      await server.reload();
      await eventually(async () => (await rig.status()).uplink.state.kind === "idle");
      expect((await rig.doctor()).failures()).toEqual([]);
    },
  );

  it.skipIf(!hasNats)("a key that belongs to another gateway: exit 4", async () => {
    const site = await rig.startHubAndLeaf();
    rig.configure({ gateway: "gw9", nats: natsOf(site) });
    const visit = await rig.doctor();
    expectTrouble(visit.about("hub"), /not that of acme\/hq\/gw9/, /sudo install -m 600/);
    expect(visit.code).toBe(4);
    await rig.startAgent();
    await eventually(async () => (await rig.run(["status", "--json"])).code === 4);
  });

  it("no key: not enrolled, exit 4", async () => {
    rig.configure({ nats: { servers: ["nats://127.0.0.1:9"], seedFile: join(rig.dir, "no.nk") } });
    const visit = await rig.doctor();
    expectTrouble(visit.about(/no\.nk$/), /not enrolled/, /sudo install -m 600/);
    expect(visit.code).toBe(4);
  });

  it("no leaf: exit 5, for nothing else is wrong", async () => {
    const server = `nats://127.0.0.1:${await freePort()}`;
    rig.configure({ nats: { servers: [server], seedFile: rig.seedFile } });
    const visit = await rig.doctor();
    const cure = /sudo systemctl status nats-server/;
    expectTrouble(visit.about(`leaf server ${server}`), /nothing answers/, cure);
    expect(visit.code).toBe(5);
  });

  it.skipIf(!hasNats)("a leaf without its hub: exit 5", async () => {
    const site = await rig.startHubAndLeaf();
    rig.configure({ nats: natsOf(site) });
    await site.hub.kill();
    await eventually(async () => (await rig.doctor()).about("hub").severity === "fail");
    const visit = await rig.doctor();
    expectTrouble(visit.about("hub"), /no link to the hub/, /sudo journalctl -u nats-server/);
    expect(visit.about(/^leaf server /).severity).toBe("ok");
    expect(visit.code).toBe(5);
  });

  it.skipIf(!hasNats || !available("openssl", findOpenssl()))(
    "a certificate that nobody trusts, one that ends soon, and a name that nobody knows",
    async () => {
      const { publicKey, seed } = createNkey();
      writeFileSync(rig.seedFile, seed);
      const { cert, key } = makeCertificate(rig.dir, "leaf");
      const port = await freePort();
      const leaf = join(rig.dir, "leaf.conf");
      const tls = `tls { cert_file: "${cert}", key_file: "${key}" }`;
      const users = `authorization { users: [ { nkey: ${publicKey} } ] }`;
      writeFileSync(leaf, `listen: "127.0.0.1:${port}"\n${tls}\n${users}\n`);
      const server = await startServer(leaf, port);
      rig.atEnd(() => server.kill());
      const url = `tls://localhost:${port}`;
      rig.configure({ nats: { servers: [url], seedFile: rig.seedFile } });

      const stranger = await rig.doctor();
      expectTrouble(stranger.about(`certificate of ${url}`), /not trusted/, /NODE_EXTRA_CA_CERTS/);
      expectTrouble(stranger.about(`leaf server ${url}`), /not trusted/, /NODE_EXTRA_CA_CERTS/);
      const friend = await rig.doctor({ env: { NODE_EXTRA_CA_CERTS: cert } });
      expect(friend.about(`certificate of ${url}`)).toMatchObject({
        severity: "warn",
        says: expect.stringMatching(/^expires in \d+ days/),
      });
      expect(friend.about(`leaf server ${url}`).severity).toBe("ok");
      expect(friend.about("DNS name localhost").severity).toBe("ok");

      rig.configure({ nats: { servers: ["nats://leaf.invalid:4222"], seedFile: rig.seedFile } });
      const lost = await rig.doctor();
      expectTrouble(lost.about("DNS name leaf.invalid"), /not known/, /getent hosts leaf\.invalid/);
      expect(lost.code).toBe(5);
    },
  );
});
