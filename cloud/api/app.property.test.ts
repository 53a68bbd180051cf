import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { app, bearer } from "./things-rig.ts";

describe("whatever is asked", () => {
  it("never answers with a fault of ours", async () => {
    const paths = fc.oneof(
      fc.constantFrom(
        "/session",
        "/api/v1/things",
        "/api/v1/things/x",
        "/metrics",
        "/readyz",
        "/problems/x",
      ),
      fc.webPath().map((path) => `/api/v1${path}`),
      fc
        .string({ unit: "binary" })
        .map((text) => `/api/v1/things/${encodeURIComponent(text.toWellFormed())}`),
      fc.constant("/api/v1/things/%ff%"),
    );
    const request = fc.record({
      path: paths,
      query: fc.oneof(
        fc.webQueryParameters(),
        fc.constantFrom("limit=1e9", "limit=", "cursor=%00", "limit=1&limit=2"),
      ),
      method: fc.constantFrom("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS"),
      body: fc.oneof(fc.json(), fc.string({ unit: "binary" }), fc.constant("[".repeat(100_000))),
      type: fc.constantFrom(
        "application/json",
        "application/json; charset=utf-16",
        "text/plain",
        "",
      ),
      ifMatch: fc.constantFrom('"7"', "x", '"99999999999999999999"'),
    });
    await fc.assert(
      fc.asyncProperty(request, async ({ path, query, method, body, type, ifMatch: tag }) => {
        const hasBody = !["GET", "HEAD"].includes(method);
        const response = await app.request(`${path}?${query}`, {
          method,
          headers: { ...bearer("admin"), "content-type": type, "if-match": tag },
          ...(hasBody ? { body: body.toWellFormed() } : {}),
        });
        expect(response.status).toBeLessThan(500);
        if (response.status >= 400 && method !== "HEAD") {
          expect(response.headers.get("content-type")).toBe("application/problem+json");
        }
      }),
      { numRuns: 400 },
    );
  });
});
