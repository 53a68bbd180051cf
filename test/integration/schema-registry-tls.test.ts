import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { registryConfigSchema } from "@clockleaf/cloud/bridges/registry/config.ts";
import { openRegistry } from "@clockleaf/cloud/bridges/registry/registry.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findOpenssl, makeCertificate } from "../support/certificate.ts";
import { available } from "../support/parts.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const hasParts = available("openssl", findOpenssl());
const schema = { fullName: "com.hr.audit.events.Thing", schemaText: '"string"' };

describe.skipIf(!hasParts)("a schema registry behind TLS", () => {
  let temp: TempDir;
  let server: Server;
  let cert: string;

  beforeEach(async () => {
    temp = tempDir("registry-tls");
    const made = makeCertificate(temp.path, "registry");
    cert = made.cert;
    server = createServer(
      { cert: readFileSync(cert), key: readFileSync(made.key) },
      (request, response) => {
        request.resume();
        response.end(JSON.stringify({ id: 5, compatibility: "FULL_TRANSITIVE" }));
      },
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
    temp.remove();
  });

  const registryWith = (caFile?: string) => {
    const url = `https://localhost:${(server.address() as AddressInfo).port}`;
    return openRegistry(registryConfigSchema.parse({ url, caFile, timeout: 5 }));
  };

  it("is asked once its authority is known", async () => {
    expect(await registryWith(cert).idOf("t", schema)).toBe(5);
  });

  it("is told nothing while it is not, and says what to do", async () => {
    let requests = 0;
    server.on("request", () => (requests += 1));
    for (const caFile of [undefined, makeCertificate(temp.path, "stranger").cert]) {
      const asked = registryWith(caFile).idOf("t", schema);
      await expect(asked).rejects.toMatchObject({
        code: "bridge.unreachable",
        retriable: false,
        message: expect.stringContaining("caFile"),
      });
    }
    expect(requests).toBe(0);
  });
});
