import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { PlatformError } from "./errors.ts";
import { loadYamlConfig, parseYamlConfig } from "./yaml-config.ts";

const schema = z.strictObject({
  tenant: z.string(),
  http: z.strictObject({ host: z.string().default("127.0.0.1"), port: z.int().max(65535) }),
  readers: z
    .array(
      z.discriminatedUnion("driver", [
        z.strictObject({ driver: z.literal("osdp"), address: z.int() }),
        z.strictObject({ driver: z.literal("hid-keyboard"), path: z.string().optional() }),
      ]),
    )
    .default([]),
});

function failure(text: string): string {
  try {
    parseYamlConfig(text, schema, "site.yaml");
  } catch (error) {
    if (error instanceof PlatformError && error.code === "config.invalid") return error.message;
    throw error;
  }
  throw new Error("the configuration was accepted");
}

describe("parseYamlConfig", () => {
  it("gives the parsed value with the schema's defaults", () => {
    expect(parseYamlConfig("tenant: acme\nhttp: { port: 0 }\n", schema, "site.yaml")).toEqual({
      tenant: "acme",
      http: { host: "127.0.0.1", port: 0 },
      readers: [],
    });
  });

  it("points at a wrong value with file, line, column, source line and caret", () => {
    expect(failure("tenant: acme\nhttp:\n  port: eighty\n")).toBe(
      [
        "site.yaml:3:9: http.port: expected number, received string",
        "    3 |   port: eighty",
        "      |         ^",
      ].join("\n"),
    );
  });

  it("points at an unknown key and suggests the nearest known one", () => {
    expect(failure("tenant: acme\nhttp:\n  port: 1\n  hots: x\n")).toBe(
      [
        'site.yaml:4:3: http.hots: unknown key; did you mean "host"?',
        "    4 |   hots: x",
        "      |   ^",
      ].join("\n"),
    );
  });

  it("lists what is known where nothing is near", () => {
    expect(failure("tenant: acme\nhttp: { port: 1, encryption: x }\n")).toContain(
      "http.encryption: unknown key; known here: host, port",
    );
  });

  it("suggests keys inside an item of a list of alternatives", () => {
    const text =
      "tenant: acme\nhttp: { port: 1 }\nreaders:\n  - driver: osdp\n    adress: 3\n    address: 3\n";
    expect(failure(text)).toMatch(
      /^site\.yaml:5:5: readers\[0\]\.adress: unknown key; did you mean "address"\?/u,
    );
  });

  it("names the alternatives for an unknown driver", () => {
    const message = failure("tenant: a\nhttp: { port: 1 }\nreaders:\n  - driver: osbd\n");
    expect(message).toMatch(/^site\.yaml:4:13: readers\[0\]\.driver: .*osdp.*hid-keyboard/u);
  });

  it("points at the section in which something is missing", () => {
    expect(failure("tenant: acme\nhttp:\n  host: x\n")).toMatch(
      /^site\.yaml:2:1: http\.port: expected number, received undefined\n    2 \| http:/u,
    );
    expect(failure("")).toMatch(/^site\.yaml:1:1: tenant: expected string/u);
  });

  it("reports every problem of a file at once", () => {
    const message = failure("tenant: 5\nhttp: { port: x }\nextra: 1\n");
    expect(message.match(/^site\.yaml:/gmu)).toHaveLength(3);
  });

  it("points at a syntax error and at a key given twice", () => {
    expect(failure("tenant: acme\n\thttp: 1\n")).toMatch(/^site\.yaml:2:1: /u);
    expect(failure("tenant: acme\ntenant: b\n")).toMatch(/^site\.yaml:2:1: .*unique/u);
  });

  it("refuses aliases that expand without end", () => {
    const rows = Array.from(
      { length: 12 },
      (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}*a${i}]`,
    );
    expect(failure(["a0: &a0 [x]", ...rows].join("\n"))).toContain("alias");
  });

  it("fails with config.invalid only, whatever the text is", () => {
    const pieces = fc.constantFrom(
      "tenant",
      "http",
      ":",
      " ",
      "\n",
      "- ",
      "{",
      "}",
      "[",
      "&a",
      "*a",
      "!!int ",
      "'",
      "|\n",
      "é\u{1f600}",
      "\t",
      "? ",
      "port: 1",
    );
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(pieces).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          parseYamlConfig(text, schema, "site.yaml");
        } catch (error) {
          expect(error).toMatchObject({ code: "config.invalid" });
          expect(String(error)).toMatch(/site\.yaml:\d+:\d+: /u);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("loadYamlConfig", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "clockleaf-config-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("names the file it cannot read", () => {
    const file = join(folder, "none.yaml");
    expect(() => loadYamlConfig(file, schema)).toThrow(
      expect.objectContaining({
        code: "config.unreadable",
        message: expect.stringContaining(file),
      }),
    );
  });

  it("reports problems under the file's own name", () => {
    const file = join(folder, "site.yaml");
    writeFileSync(file, "tenant: acme\n");
    expect(() => loadYamlConfig(file, schema)).toThrow(`${file}:1:1: http: `);
  });
});
