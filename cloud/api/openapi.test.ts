import { describe, expect, it } from "vitest";
import { openApiDocument } from "./openapi.ts";
import { app, bodyOf } from "./things-rig.ts";

describe("the OpenAPI document", () => {
  const document = openApiDocument(app);

  it("is served as it is built, with exact types", async () => {
    const served = await bodyOf(await app.request("/openapi.json"));
    expect(served).toEqual(JSON.parse(JSON.stringify(document)));
    expect(served["openapi"]).toBe("3.1.0");
    expect(served["components"].schemas.Thing.properties.size).toMatchObject({
      type: "integer",
      maximum: 9,
    });
    expect(served["paths"]["/api/v1/things/{id}"].delete.security).toEqual([{ apiKey: ["admin"] }]);
  });

  it("gives every operation a unique id, a summary, a tag, responses and its path parameters", () => {
    const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
    );
    expect(operations.length).toBeGreaterThan(6);
    for (const { path, operation } of operations) {
      expect(operation).toMatchObject({
        operationId: expect.any(String),
        summary: expect.any(String),
        tags: [expect.any(String)],
      });
      expect(Object.keys(operation.responses).some((status) => status.startsWith("2"))).toBe(true);
      const declared = (operation.parameters ?? [])
        .filter((p: { in: string }) => p.in === "path")
        .map((p: { name: string }) => p.name);
      expect(declared).toEqual([...path.matchAll(/\{(\w+)\}/gu)].map((match) => match[1]));
    }
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
