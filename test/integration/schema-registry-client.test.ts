import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { codecOf, type EventCodec, eventCodec } from "@clockleaf/cloud/bridges/avro/codec.ts";
import { GOLDEN } from "@clockleaf/cloud/bridges/avro/golden.ts";
import { frame, unframe } from "@clockleaf/cloud/bridges/avro/wire-format.ts";
import { registryConfigSchema } from "@clockleaf/cloud/bridges/registry/config.ts";
import { openRegistry } from "@clockleaf/cloud/bridges/registry/registry.ts";
import { CATALOGUE, parseEvent } from "@clockleaf/shared/events/catalogue.ts";
import { defineEvent } from "@clockleaf/shared/events/envelope.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { eventually } from "../support/eventually.ts";
import { available } from "../support/parts.ts";
import {
  findOwnRegistry,
  findRegistry,
  type SchemaRegistry,
  someRegistry,
  startRegistry,
} from "../support/schema-registry.ts";

const open = (url: string) => openRegistry(registryConfigSchema.parse({ url, timeout: 30 }));

/** An event whose data changes from test to test. */
const thing = (data: z.ZodType): EventCodec =>
  codecOf(
    defineEvent({
      type: "audit.thing.done",
      domain: "audit",
      name: "ThingDone",
      version: "1.0",
      data,
    }),
  );

describe.skipIf(!available("a schema registry", findRegistry()))("a real schema registry", () => {
  let server: SchemaRegistry;
  // A registry that somebody gave has seen other runs.
  const topic = `events-${randomUUID()}`;
  beforeAll(async () => {
    server = await someRegistry();
  });
  afterAll(async () => await server[Symbol.asyncDispose]());

  it("takes the schema of every event, keeps all of it, and gives the next process the same id", async () => {
    const [first, second] = [open(server.url), open(server.url)];
    for (const { type } of CATALOGUE) {
      const codec = eventCodec(type);
      const id = await first.idOf(topic, codec);
      expect(await second.idOf(topic, codec)).toBe(id);
      const kept: unknown = JSON.parse(await second.textOf({ kind: "id", id }));
      expect(kept).toEqual(JSON.parse(codec.schemaText));
      expect(kept).toHaveProperty("version", codec.definition.version);
    }
    const { fullName } = eventCodec("employee.employee.created");
    const versions = await fetch(`${server.url}/subjects/${topic}-${fullName}/versions`);
    expect(await versions.json()).toEqual([1]);
  });

  it("lets a reader who has only the bytes find out what they say", async () => {
    const codec = eventCodec("payroll.account.created");
    const sample = join(
      GOLDEN,
      "../../../../test/contract/samples/payroll.account.created@1.0.json",
    );
    const event = parseEvent(
      z
        .object({ metadata: z.unknown(), data: z.unknown() })
        .parse(JSON.parse(readFileSync(sample, "utf8"))),
    );
    const bytes = frame(await open(server.url).idOf(topic, codec), codec.encode(event));
    const { schema, body } = unframe(bytes);
    expect(codec.decode(body, await open(server.url).textOf(schema))).toEqual(event);
  });

  it("takes EmployeeCreated as it is for a version after the one that was given", async () => {
    const given = readFileSync(join(GOLDEN, "history/EmployeeCreated.1.avsc"), "utf8");
    const codec = eventCodec("employee.employee.created");
    const ours = `given-${topic}`;
    const registry = open(server.url);
    const first = await registry.idOf(ours, { ...codec, schemaText: given });
    expect(await registry.idOf(ours, codec)).not.toBe(first);
  });

  it("refuses what readers would not survive, whichever version it was that they read", async () => {
    const registry = open(server.url);
    const thingWith = (x: z.ZodType) => thing(z.object({ id: z.string(), x }));
    await registry.idOf(topic, thingWith(z.int().optional()));
    await registry.idOf(topic, thing(z.object({ id: z.string() })));
    const refused = registry.idOf(topic, thingWith(z.string().optional()));
    await expect(refused).rejects.toMatchObject({
      code: "bridge.schema-refused",
      retriable: false,
      message: expect.stringContaining(`${topic}-com.hr.audit.events.ThingDone`),
      details: { status: 409 },
    });
  });

  it("says what is wrong with what is no schema, and of an id that it never gave", async () => {
    const registry = open(server.url);
    const broken = { fullName: "com.hr.audit.events.Broken", schemaText: '{"type":"record"}' };
    await expect(registry.idOf(topic, broken)).rejects.toMatchObject({
      code: "bridge.schema-refused",
      details: { status: 422 },
    });
    await expect(registry.textOf({ kind: "id", id: 2_000_000_000 })).rejects.toMatchObject({
      code: "bridge.schema-refused",
      details: { status: 404 },
    });
  });
});

describe.skipIf(!available("a schema registry to crash", findOwnRegistry()))("a crash", () => {
  it("of the registry is waited out, and the ids are as they were", async () => {
    await using server = await startRegistry({ storage: "file" });
    const codec = eventCodec("audit.entry.recorded");
    const id = await open(server.url).idOf("audit-events", codec);
    await server.kill();
    const registry = open(server.url);
    await expect(registry.idOf("audit-events", codec)).rejects.toMatchObject({
      code: "bridge.unreachable",
      retriable: true,
    });
    await server.start();
    expect(await eventually(() => registry.idOf("audit-events", codec))).toBe(id);
  });
});
