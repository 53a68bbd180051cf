import { describe, expect, it } from "vitest";
import { available } from "../support/parts.ts";
import { findOwnRegistry, startRegistry } from "../support/schema-registry.ts";

const SCHEMA = JSON.stringify({ type: "record", name: "Kept", fields: [] });

describe.skipIf(!available("a schema registry", findOwnRegistry()))(
  "a registry of one's own",
  () => {
    it("with a file has after a crash every schema it took, under the same id", async () => {
      await using server = await startRegistry({ storage: "file" });
      const id = await register(server.url);
      await server.kill();
      await server.start();
      expect(await schemaOf(server.url, id)).toBe(SCHEMA);
    });

    it("in memory knows what it was told", async () => {
      await using server = await startRegistry();
      expect(await schemaOf(server.url, await register(server.url))).toBe(SCHEMA);
    });
  },
);

async function register(url: string): Promise<number> {
  const response = await fetch(`${url}/subjects/kept-value/versions`, {
    method: "POST",
    headers: { "content-type": "application/vnd.schemaregistry.v1+json" },
    body: JSON.stringify({ schema: SCHEMA }),
  });
  expect(response.status).toBe(200);
  const { id } = (await response.json()) as { id: number };
  return id;
}

async function schemaOf(url: string, id: number): Promise<string> {
  const response = await fetch(`${url}/schemas/ids/${id}`);
  expect(response.status).toBe(200);
  const { schema } = (await response.json()) as { schema: string };
  return schema;
}
