import { describe, expect, it } from "vitest";
import { app } from "./things-rig.ts";

describe("pages", () => {
  it.each([
    "/",
    "/reference",
    "/reference/init.js",
    "/reference/swagger-ui-bundle.js",
    "/dashboard/app.js",
    "/problems",
  ])("serves %s without a key, and asks for nothing from another host", async (path) => {
    const response = await app.request(path);
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//u);
    if (path.endsWith("/") || path === "/reference")
      expect(text).not.toMatch(/<script>|style=|onclick=/u);
  });

  it("serves named files only", async () => {
    for (const path of [
      "/dashboard/../config.ts",
      "/dashboard/%2e%2e/config.ts",
      "/dashboard/",
      "/reference/package.json",
    ]) {
      expect((await app.request(path)).status).toBe(404);
    }
  });
});
