import { runInNewContext } from "node:vm";
import { describe, expect, it, test } from "vitest";
import { apiAppOf } from "../../test/support/context-api.ts";
import { asyncApiDocument } from "./asyncapi/document.ts";

const app = apiAppOf([], []);
const textOf = async (path: string): Promise<string> => {
  const response = await app.request(path);
  expect(response.status).toBe(200);
  return response.text();
};

describe("the reference page, on a network of its own", () => {
  it("loads nothing but what this server has", async () => {
    const page = await textOf("/reference");
    const links = [...page.matchAll(/(?:src|href)="([^"]*)"/gu)].map(([, url]) => url ?? "");
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) {
      expect(link).toMatch(/^\/[^/]/u);
      expect((await app.request(link)).status).toBe(200);
    }
    const style = await textOf("/reference/swagger-ui.css");
    const asked = [...style.matchAll(/@import.{0,60}|url\(["']?(.{0,60})/gu)];
    // What is no `data:` would be fetched.
    expect(asked.filter(([, url]) => url?.startsWith("data:") !== true)).toEqual([]);
  });

  it("asks this server for the document, and nobody to judge it", async () => {
    const given: Array<Record<string, unknown>> = [];
    const page = {
      SwaggerUIBundle: (options: Record<string, unknown>) => given.push(options),
    };
    runInNewContext(await textOf("/reference/init.js"), { globalThis: page });
    expect(given).toEqual([expect.objectContaining({ url: "/openapi.json", validatorUrl: null })]);
    // A document named in the address of the page would be fetched from wherever it says.
    expect(given[0]).toMatchObject({ queryConfigEnabled: false });
  });

  it("may not reach another host, whatever the bundle would like to", async () => {
    const { headers } = await app.request("/reference");
    const policy = headers.get("content-security-policy") ?? "";
    for (const rule of ["default-src 'none'", "connect-src 'self'", "script-src 'self'"]) {
      expect(policy).toContain(rule);
    }
    expect(policy).not.toContain("http");
  });
});

test("the documents are open to all, and JSON", async () => {
  for (const path of ["/openapi.json", "/asyncapi.json"]) {
    const { headers } = await app.request(path);
    expect(headers.get("content-type")).toBe("application/json");
  }
  const served: unknown = JSON.parse(await textOf("/asyncapi.json"));
  expect(served).toEqual(JSON.parse(JSON.stringify(asyncApiDocument())));
});
