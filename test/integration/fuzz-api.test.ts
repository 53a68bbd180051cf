import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { portOf } from "../../cloud/api/http-server.ts";
import { startCompanyApi } from "../fuzz/company-api.ts";
import { fuzz } from "../fuzz/fuzz.ts";
import { SCHEMATHESIS } from "../fuzz/schemathesis.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { ensurePython } from "../support/python-venv.ts";

// `make fuzz-api` calls every operation, and takes its time. This shows that it still finds what there is to be found.

const foundPython = await ensurePython("fuzz-api", [SCHEMATHESIS]);
const python = typeof foundPython === "string" ? foundPython : "";
const hasParts =
  available("nats-server", findNatsServer()) &&
  available("python3 with schemathesis", python === "" ? undefined : python);

/** Reads and writes, with and without a body, a span and an If-Match. */
const SOME = ["showMe", "showLeaveCalendar", "registerGateway", "checkRules"];

describe.skipIf(!hasParts)("the fuzzer of the API", () => {
  test("finds nothing in what the document says of a few operations", async () => {
    await using company = await startCompanyApi();
    const { output, report } = await fuzz(python, company, { seed: 1, examples: 2, only: SOME });
    if (!report.ok) process.stderr.write(output);
    expect(report.failures).toEqual([]);
    expect(report).toMatchObject({ ok: true, missing: [], errors: [], operations: SOME.length });
    expect(report.cases).toBeGreaterThan(10 * SOME.length);
  });

  test("finds an API that does not do what its document says", async () => {
    await using liar = await startLiar();
    const { report } = await fuzz(python, liar, { seed: 1, examples: 2, only: [] });
    expect(report.ok).toBe(false);
    const checks = new Set(report.failures.map(({ check }) => check));
    expect(checks).toContain("response_schema_conformance");
    expect(checks).toContain("negative_data_rejection");
    expect(checks).toContain("missing_required_header");
  });
});

/** Says that it answers numbers from 1 to 9 to who has a key, and answers a word to anybody. */
async function startLiar() {
  const answers = {
    "200": {
      description: "A number",
      content: { "application/json": { schema: { type: "integer" } } },
    },
    "422": { description: "No" },
  };
  const number = { in: "query", name: "number", required: true };
  const bounded = { ...number, schema: { type: "integer", minimum: 1, maximum: 9 } };
  const operation = { operationId: "lie", parameters: [bounded], responses: answers };
  const document = {
    openapi: "3.1.0",
    info: { title: "Liar", version: "1" },
    security: [{ apiKey: [] }],
    paths: { "/api/v1/numbers": { get: operation } },
    components: { securitySchemes: { apiKey: { type: "http", scheme: "bearer" } } },
  };
  const server = createServer((request, response) => {
    const isDocument = request.url === "/openapi.json";
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(isDocument ? document : "a word"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const dir = mkdtempSync(join(tmpdir(), "clockleaf-fuzz-"));
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    key: "none",
    dir,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
      rmSync(dir, { recursive: true });
    },
  };
}
