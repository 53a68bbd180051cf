import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type HttpSink, type SinkAnswer, startHttpSink } from "../../../test/support/http-sink.ts";
import { type TempDir, tempDir } from "../../../test/support/temp.ts";
import { eventCodec } from "../avro/codec.ts";
import { type RegistryConfig, registryConfigSchema } from "./config.ts";
import { openRegistry } from "./registry.ts";

const codec = eventCodec("employee.employee.created");
const SUBJECT = "employee-events-com.hr.employee.events.EmployeeCreated";

const json = (status: number, value: unknown): SinkAnswer => ({
  status,
  body: JSON.stringify(value),
});
const error = (status: number, code: number, message: string): SinkAnswer =>
  json(status, { error_code: code, message });

async function failureOf(work: Promise<unknown>): Promise<PlatformError> {
  const failure: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(failure).toBeInstanceOf(PlatformError);
  return failure as PlatformError;
}

describe("a registry", () => {
  let sink: HttpSink;
  let temp: TempDir;
  beforeEach(async () => {
    sink = await startHttpSink();
    temp = tempDir("registry");
  });
  afterEach(async () => {
    await sink[Symbol.asyncDispose]();
    temp.remove();
  });

  const config = (more: Partial<RegistryConfig> = {}): RegistryConfig => ({
    ...registryConfigSchema.parse({ url: `${sink.url}/apis/ccompat/v7/`, timeout: 2 }),
    ...more,
  });
  const registered = (id: number) =>
    sink.onRequest(({ method }) =>
      method === "PUT" ? json(200, { compatibility: "FULL_TRANSITIVE" }) : json(200, { id }),
    );

  it("is told the rule and the schema of a subject, once in a process", async () => {
    registered(7);
    const registry = openRegistry(config());
    const ids = await Promise.all([1, 2, 3].map(() => registry.idOf("employee-events", codec)));
    expect(ids).toEqual([7, 7, 7]);
    expect(await registry.idOf("employee-events", codec)).toBe(7);
    expect(sink.requests().map(({ method, path }) => `${method} ${path}`)).toEqual([
      `PUT /apis/ccompat/v7/config/${SUBJECT}`,
      `POST /apis/ccompat/v7/subjects/${SUBJECT}/versions`,
    ]);
    expect(sink.requests().map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { compatibility: "FULL_TRANSITIVE" },
      { schema: codec.schemaText },
    ]);
    expect(sink.requests()[0]?.headers).not.toHaveProperty("authorization");
    await registry.idOf("audit-events", codec);
    expect(sink.requests()).toHaveLength(4);
  });

  it("gets the same text from every process", async () => {
    registered(7);
    for (let process = 0; process < 2; process += 1) {
      await openRegistry(config()).idOf("employee-events", codec);
    }
    const posted = sink.requests().filter(({ method }) => method === "POST");
    expect(new Set(posted.map(({ body }) => body)).size).toBe(1);
    expect(posted).toHaveLength(2);
  });

  it("is told the rule afterwards where it knows none for a subject without schemas", async () => {
    let isThere = false;
    sink.onRequest(({ method }) => {
      if (method === "PUT") {
        return isThere
          ? json(200, { compatibilityLevel: "FULL_TRANSITIVE" })
          : error(404, 40401, "no subject");
      }
      isThere = true;
      return json(200, { id: 1 });
    });
    expect(await openRegistry(config()).idOf("t", codec)).toBe(1);
    expect(sink.requests().map(({ method }) => method)).toEqual(["PUT", "POST", "PUT"]);
  });

  it("learns the user from the configuration and the password from the file", async () => {
    registered(7);
    const passwordFile = join(temp.path, "password");
    writeFileSync(passwordFile, "s3cret\n");
    await openRegistry(config({ user: "clockleaf", passwordFile })).idOf("t", codec);
    const expected = `Basic ${Buffer.from("clockleaf:s3cret").toString("base64")}`;
    expect(sink.requests().every(({ headers }) => headers.authorization === expected)).toBe(true);
    expect(() => openRegistry(config({ user: "a", passwordFile: join(temp.path, "no") }))).toThrow(
      "cannot read",
    );
  });

  it.each([401, 403])("that answers %d is told by its address and our user", async (status) => {
    sink.onRequest(() => error(status, status, "no"));
    const passwordFile = join(temp.path, "password");
    writeFileSync(passwordFile, "s3cret");
    const registry = openRegistry(config({ user: "clockleaf", passwordFile }));
    const failure = await failureOf(registry.idOf("t", codec));
    expect(failure.code).toBe("bridge.refused");
    expect(failure.retriable).toBe(false);
    expect(failure.message).toContain(sink.url);
    expect(failure.message).toContain("clockleaf");
    expect(JSON.stringify([failure.message, failure.details])).not.toContain("s3cret");
  });

  it.each([
    [409, 409, "Schema being registered is incompatible with an earlier schema"],
    [422, 42_201, "Invalid Avro schema"],
  ])("that refuses a schema with %d is quoted, with the subject", async (status, code, words) => {
    sink.onRequest(({ method }) =>
      method === "PUT" ? json(200, { compatibility: "NONE" }) : error(status, code, words),
    );
    const failure = await failureOf(openRegistry(config()).idOf("employee-events", codec));
    expect(failure.code).toBe("bridge.schema-refused");
    expect(failure.retriable).toBe(false);
    expect(failure.message).toContain(SUBJECT);
    expect(failure.message).toContain(words);
  });

  it.each<[string, SinkAnswer, boolean]>([
    ["breaks the connection", "break", true],
    ["says nothing", "silence", true],
    ["answers 503", { status: 503, body: "busy" }, true],
    ["answers 429", { status: 429 }, true],
    ["answers 500 in JSON", error(500, 50_001, "backend"), true],
    ["sends us elsewhere", { status: 302, headers: { location: "http://127.0.0.1:9/" } }, false],
    ["is a web page", { status: 200, body: "<html>hello</html>" }, false],
    ["knows no such path", { status: 404, body: "not here" }, false],
    ["answers JSON of another kind", json(200, { ok: true }), false],
    ["answers an id of 33 bits", json(200, { id: 2 ** 32, compatibility: "FULL" }), false],
    ["never comes to an end", { status: 200, body: "x".repeat(2 * 1024 * 1024) }, true],
  ])("that %s is unreachable", async (_, answer, retriable) => {
    sink.onRequest(() => answer);
    const failure = await failureOf(openRegistry(config({ timeout: 1 })).idOf("t", codec));
    expect(failure.code).toBe("bridge.unreachable");
    expect(failure.retriable).toBe(retriable);
    expect(failure.message).toContain(sink.url);
  });

  it("that is not there is unreachable, and asked again the next time", async () => {
    const registry = openRegistry(config());
    sink.onRequest(() => "break");
    expect((await failureOf(registry.idOf("t", codec))).code).toBe("bridge.unreachable");
    registered(3);
    expect(await registry.idOf("t", codec)).toBe(3);
    await sink[Symbol.asyncDispose]();
    const failure = await failureOf(registry.idOf("other", codec));
    expect(failure).toMatchObject({ code: "bridge.unreachable", retriable: true });
    expect(failure.message).toContain("ECONNREFUSED");
    expect(await registry.idOf("t", codec)).toBe(3);
  });

  it("tells a reader the schema behind an id or a GUID, once", async () => {
    sink.onRequest(() => json(200, { schema: codec.schemaText }));
    const registry = openRegistry(config());
    const guid = "00112233-4455-6677-8899-aabbccddeeff";
    for (let round = 0; round < 2; round += 1) {
      expect(await registry.textOf({ kind: "id", id: 5 })).toBe(codec.schemaText);
      expect(await registry.textOf({ kind: "guid", guid })).toBe(codec.schemaText);
    }
    expect(sink.requests().map(({ path }) => path)).toEqual([
      "/apis/ccompat/v7/schemas/ids/5",
      `/apis/ccompat/v7/schemas/guids/${guid}`,
    ]);
    sink.onRequest(() => error(404, 40_403, "Schema not found"));
    const failure = await failureOf(registry.textOf({ kind: "id", id: 6 }));
    expect(failure.code).toBe("bridge.schema-refused");
    expect(failure.message).toContain("schema 6");
  });
});
