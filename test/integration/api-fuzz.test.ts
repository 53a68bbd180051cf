import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CloudProcess, startCloudProcess, writeCloudConfig } from "../support/cloud.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, type Site, startHub } from "../support/nats.ts";
import { available } from "../support/parts.ts";

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly pathParams: readonly string[];
  readonly queryParams: readonly string[];
  /** Field names of the body; undefined = it takes none. */
  readonly fields: readonly string[] | undefined;
}

interface JsonSchema {
  readonly $ref?: string;
  readonly properties?: Record<string, unknown>;
}
interface Document {
  readonly paths: Record<
    string,
    Record<
      string,
      {
        parameters?: ReadonlyArray<{ in: string; name: string }>;
        requestBody?: { content: Record<string, { schema: JsonSchema }> };
      }
    >
  >;
  readonly components?: { readonly schemas?: Record<string, JsonSchema> };
}

/** Every operation that answers once; the event stream answers without end. */
function operationsOf(document: Document): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(() => path !== "/api/v1/events")
      .map(([method, { parameters = [], requestBody }]) => {
        const named = (place: string): string[] =>
          parameters.filter((one) => one.in === place).map(({ name }) => name);
        const schema = requestBody?.content["application/json"]?.schema;
        const resolved = schema?.$ref
          ? document.components?.schemas?.[schema.$ref.split("/").at(-1) ?? ""]
          : schema;
        return {
          method: method.toUpperCase(),
          path,
          pathParams: named("path"),
          queryParams: named("query"),
          fields: schema && Object.keys(resolved?.properties ?? {}),
        };
      }),
  );
}

/** Values that have broken parsers before, beside any text at all. */
const texts = fc.oneof(
  fc.constantFrom(
    "0",
    "-1",
    "1e400",
    "9007199254740993",
    "null",
    "[]",
    "a.b",
    "*",
    ">",
    "..",
    "%00",
    "'--",
    "2026-02-30",
    "2026-11-23",
    "9999-12-31T23:59:60Z",
    "1970-01-01T00:00:00+14:00",
    "card-26-bdd93740",
    "number-7",
    "gw1-abcdefghij-1",
    "__proto__",
    "constructor",
    "bnVsbA",
    "WzEsMV0",
    "W10",
  ),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.string({ minLength: 60, maxLength: 300 }),
);
const values = fc.oneof(
  texts,
  fc.constantFrom(null, true, 0, -1, 1.5, 2 ** 53, Number.MAX_VALUE, [], {}),
  fc.jsonValue({ maxDepth: 3 }),
);

const requestTo = (operation: Operation): fc.Arbitrary<{ url: string; body: unknown }> =>
  fc
    .record({
      params: fc.tuple(...operation.pathParams.map(() => texts)),
      query: fc.tuple(...operation.queryParams.map(() => fc.option(texts, { freq: 2 }))),
      body:
        operation.fields === undefined
          ? fc.constant(undefined)
          : fc.oneof(
              fc.record(Object.fromEntries(operation.fields.map((name) => [name, values])), {
                requiredKeys: [],
              }),
              fc.jsonValue({ maxDepth: 4 }),
            ),
    })
    .map(({ params, query, body }) => {
      let url = operation.path;
      for (const [index, name] of operation.pathParams.entries()) {
        url = url.replace(`{${name}}`, encodeURIComponent((params[index] ?? "").toWellFormed()));
      }
      const search = new URLSearchParams();
      for (const [index, name] of operation.queryParams.entries()) {
        const value = query[index];
        if (value !== null && value !== undefined) search.append(name, value.toWellFormed());
      }
      return { url: `${url}?${search.toString()}`, body };
    });

describe.skipIf(!available("nats-server", findNatsServer()))("every route, asked nonsense", () => {
  let hub: Site;
  let cloud: CloudProcess;
  let operations: Operation[];

  beforeAll(async () => {
    hub = await startHub();
    const seedFile = hub.deployment.seedFile("cloud-all");
    const config = writeCloudConfig({ dir: hub.dir, servers: [hub.hub.url], seedFile });
    cloud = await startCloudProcess(config);
    await eventually(async () => (await cloud.call("GET", "/readyz")).status === 200);
    const response = await cloud.call("GET", "/openapi.json");
    operations = operationsOf((await response.json()) as Document);
  });
  afterAll(async () => {
    await cloud.stop();
    await hub.stop();
  });

  it("answers as declared or with a problem, and never with a fault of its own", async () => {
    expect(operations.length).toBeGreaterThan(5);
    const answered = new Map<string, number>();
    const requests = fc
      .constantFrom(...operations)
      .chain((operation) => fc.tuple(fc.constant(operation), requestTo(operation)));
    await fc.assert(
      fc.asyncProperty(requests, async ([operation, { url, body }]) => {
        const response = await cloud.call(operation.method, url, body);
        const text = await response.text();
        const name = `${operation.method} ${operation.path}`;
        answered.set(name, (answered.get(name) ?? 0) + 1);
        expect(`${response.status} ${name} ${text}`).toMatch(/^[234]/u);
        if (response.status >= 400) {
          expect(response.headers.get("content-type")).toBe("application/problem+json");
        }
      }),
      { numRuns: 2500 },
    );
    expect([...answered.keys()].toSorted()).toEqual(
      operations.map(({ method, path }) => `${method} ${path}`).toSorted(),
    );
    expect((await cloud.call("GET", "/readyz")).status).toBe(200);
  });
});
