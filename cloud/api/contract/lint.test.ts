import { createRoute, z } from "@hono/zod-openapi";
import { describe, expect, it, test } from "vitest";
import { asyncApiDocument } from "../asyncapi/document.ts";
import { guarded } from "../guard.ts";
import { openApiDocument } from "../openapi.ts";
import { jsonResponse, newRouter, notFoundResponse } from "../router.ts";
import { documentedApp } from "./all-routes.ts";
import { faultsOf } from "./lint.ts";

describe("the linter", () => {
  test("finds nothing in the HTTP API", async () => {
    const document = openApiDocument(documentedApp());
    expect(Object.keys(document.paths ?? {}).length).toBeGreaterThan(80);
    expect(await faultsOf(document)).toEqual([]);
  });

  test("finds nothing in what goes over NATS", async () => {
    expect(await faultsOf(asyncApiDocument())).toEqual([]);
  });

  const good = {
    method: "get",
    path: "/things/{id}",
    operationId: "showThing",
    summary: "One thing",
    tags: ["audit"] as string[],
    request: { params: z.object({ id: z.string().describe("Which") }) },
    responses: { 200: jsonResponse(z.object({ a: z.int() }), "It"), ...notFoundResponse },
  } as const;
  const faultsWith = async (change: object, more: object = {}): Promise<string> => {
    const router = newRouter();
    router.openAPIRegistry.registerPath(createRoute({ ...good, ...change }));
    return (await faultsOf({ ...openApiDocument(router), ...more })).join("\n");
  };

  it("leaves a route alone that is as it should be", async () => {
    expect(await faultsWith({})).toBe("");
    expect(await faultsWith(guarded({ permission: "audit.read", about: "company" }))).toBe("");
  });

  it.each<readonly [string, object, string]>([
    ["an operation without a name", { operationId: undefined }, "operation-operationId"],
    ["a name in another case", { operationId: "show-thing" }, "operation-id-is-camel-case"],
    ["no summary", { summary: undefined }, "operation-summary"],
    ["a summary that is a sentence", { summary: "One thing." }, "summary-has-no-full-stop"],
    ["two tags", { tags: ["audit", "fleet"] }, "operation-singular-tag"],
    ["a tag without a heading", { tags: ["nothing"] }, "tag-description"],
    ["a parameter of the path that is not declared", { request: {} }, "path-params-defined"],
    [
      "a parameter without a word",
      { request: { params: z.object({ id: z.string() }) } },
      "parameter-description",
    ],
    ["a path in another case", { path: "/Things/{id}" }, "rule/path-is-kebab-case"],
    [
      "a failure that is no problem",
      { responses: { ...good.responses, 404: jsonResponse(z.object({}), "No") } },
      "operation-4xx-problem-details-rfc7807",
    ],
    [
      "an example that does not fit",
      {
        request: {
          params: z.object({
            id: z
              .string()
              .max(2)
              .describe("x")
              .meta({ examples: ["abc"] }),
          }),
        },
      },
      "examples",
    ],
    ["a key that there is none of", { security: [{ other: [] }] }, "security-defined"],
    ["no success", { responses: notFoundResponse }, "rule/operation-says-what-succeeds"],
  ])("does not let %s pass", async (_, change, rule) => {
    expect(await faultsWith(change)).toContain(rule);
  });

  it("does not let components pass that nothing uses", async () => {
    const components = { schemas: { Unused: { type: "object" } } };
    expect(await faultsWith({}, { components })).toContain("no-unused-components");
  });
});
