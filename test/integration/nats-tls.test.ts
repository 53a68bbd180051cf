import { readFileSync } from "node:fs";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { connectNats } from "@clockleaf/shared/lib/nats-connection.ts";
import { gatewayInbox, segmentSubject } from "@clockleaf/shared/subjects.ts";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection, nkeyAuthenticator } from "nats";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Deployment, initDeployment } from "../../deploy/nats/init.ts";
import { findOpenssl, makeCertificate } from "../support/certificate.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, freePort, type ServerProcess, startServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const gateway = (name: string) => ({ tenant: "acme", site: "hq", gateway: name });
const hasParts = available("nats-server", findNatsServer()) && available("openssl", findOpenssl());

describe.skipIf(!hasParts)("a hub with TLS", () => {
  let temp: TempDir;
  let hub: ServerProcess;
  let deployment: Deployment;
  let cert: string;
  const servers: ServerProcess[] = [];
  const connections: NatsConnection[] = [];
  const ports = { tls: 0, wss: 0, stranger: 0 };

  beforeEach(async () => {
    temp = tempDir("tls");
    const tls = makeCertificate(temp.path, "hub");
    cert = tls.cert;
    const [clients, leafs, websocket] = [await freePort(), await freePort(), await freePort()];
    for (const name of ["tls", "wss", "stranger"] as const) ports[name] = await freePort();
    const host = "127.0.0.1";
    const stranger = makeCertificate(temp.path, "stranger").cert;
    deployment = initDeployment({
      dir: temp.path,
      hub: {
        serverName: "hub-tls",
        clients: { host, port: clients, tls },
        leafs: { host, port: leafs, tls },
        websocket: { host, port: websocket, tls },
        monitor: { host, port: await freePort() },
        maxFileBytes: 1024 ** 3,
        maxMemoryBytes: 1024 ** 2,
      },
      gateways: [
        { ...gateway("tls"), port: ports.tls, hubUrls: [`tls://localhost:${leafs}`], hubCa: cert },
        {
          ...gateway("wss"),
          port: ports.wss,
          hubUrls: [`wss://localhost:${websocket}`],
          hubCa: cert,
        },
        {
          ...gateway("stranger"),
          port: ports.stranger,
          hubUrls: [`tls://localhost:${leafs}`],
          hubCa: stranger,
        },
      ],
    });
    hub = await startServer(deployment.hubConfig, clients);
    servers.push(hub);
    const admin = await connect({
      servers: `tls://localhost:${clients}`,
      tls: { caFile: cert },
      inboxPrefix: "_INBOX_cloud",
      authenticator: nkeyAuthenticator(
        new TextEncoder().encode(readFileSync(deployment.seedFile("cloud-admin"), "utf8").trim()),
      ),
    });
    connections.push(admin);
    const jsm = await jetstreamManager(admin, { checkAPI: false });
    await jsm.streams.add({ name: "CLOCK", subjects: ["clock.v1.*.*.*"], allow_direct: true });
  });
  afterEach(async () => {
    for (const connection of connections.splice(0)) await connection.close();
    for (const server of servers.splice(0)) await server.kill();
    temp.remove();
  });

  const startLeaf = async (name: keyof typeof ports): Promise<ServerProcess> => {
    const leaf = await startServer(deployment.gateway(gateway(name)).leafConfig, ports[name]);
    servers.push(leaf);
    return leaf;
  };

  it.each(["tls", "wss"] as const)("takes segments from a leaf over %s", async (name) => {
    const leaf = await startLeaf(name);
    const nc = await connectNats({
      servers: [leaf.url],
      seedFile: deployment.gateway(gateway(name)).seedFile,
      name,
      inboxPrefix: gatewayInbox(gateway(name)),
      log: silentLog(),
    });
    connections.push(nc);
    const js = jetstream(nc, { domain: "hub", checkAPI: false, timeout: 2000 });
    const ack = await eventually(() => js.publish(segmentSubject(gateway(name)), "x"), {
      what: `linked over ${name}`,
    });
    expect(ack).toMatchObject({ stream: "CLOCK", domain: "hub" });
  });

  it("is refused by a leaf that does not know its authority", async () => {
    const leaf = await startLeaf("stranger");
    await eventually(() => /certificate signed by unknown authority|x509/.test(leaf.log()));
    expect(hub.log()).not.toContain("JetStream using domains");
  });
});
