import { readFileSync } from "node:fs";
import { join } from "node:path";
import { mqttTopic, terminalPunchSubject } from "@clockleaf/shared/subjects.ts";
import { expect, it } from "vitest";
import { initDeployment } from "../../deploy/nats/init.ts";
import { findOpenssl, makeCertificate } from "../support/certificate.ts";
import { findMosquitto, mosquittoPub } from "../support/mosquitto.ts";
import { findNatsServer, freePort, startServer, TEST_GATEWAY } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { tempDir } from "../support/temp.ts";

const hasParts =
  available("nats-server", findNatsServer()) &&
  available("mosquitto-clients", findMosquitto()) &&
  available("openssl", findOpenssl());

it.skipIf(!hasParts)(
  "with a certificate the leaf server takes MQTT over TLS and no other",
  async () => {
    using temp = tempDir("mqtt-tls");
    const host = "127.0.0.1";
    const [port, mqttPort] = [await freePort(), await freePort()];
    const tls = makeCertificate(temp.path, "leaf");
    const stranger = makeCertificate(temp.path, "stranger");
    const room = { maxFileBytes: 1, maxMemoryBytes: 1 };
    const deployment = initDeployment({
      dir: temp.path,
      hub: { serverName: "hub", clients: { host, port: 1 }, leafs: { host, port: 1 }, ...room },
      gateways: [
        {
          ...TEST_GATEWAY,
          port,
          // No hub is there; terminals do not need one.
          hubUrls: [`nats://${host}:${await freePort()}`],
          terminals: {
            ids: ["desk"],
            mqtt: { listen: { host, port: mqttPort, tls }, storeDir: join(temp.path, "mqtt") },
          },
        },
      ],
    });
    const { leafConfig, terminals } = deployment.gateway(TEST_GATEWAY);
    const password = readFileSync(terminals.terminal("desk").passwordFile, "utf8").trim();
    const publish = (cafile?: string) =>
      mosquittoPub(
        { port: mqttPort, user: "desk", password, ...(cafile === undefined ? {} : { cafile }) },
        { topic: mqttTopic(terminalPunchSubject("desk")), payload: "x" },
      );
    const server = await startServer(leafConfig, port);
    try {
      expect(await publish(tls.cert)).toEqual({ code: 0, err: "" });
      expect((await publish(stranger.cert)).code).not.toBe(0);
      expect((await publish()).code).not.toBe(0);
    } finally {
      await server.kill();
    }
  },
);
