import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Document } from "yaml";
import { CONFIG_VERSION, keepAndReplace, migrated } from "./config-versions.ts";

const rename = (from: string, to: string) => (document: Document) => {
  document.set(to, document.get(from));
  document.delete(from);
};
const STEPS = { 1: rename("gate", "door"), 2: rename("door", "entrance") };

it("takes a file through every format since its own, and keeps what people wrote beside it", () => {
  const { text, from, to } = migrated(
    "# ours\nconfigVersion: 1\ngate: 7 # the old one\n",
    "f",
    STEPS,
  );
  expect([from, to]).toEqual([1, 3]);
  expect(text).toContain("# ours");
  expect(text).toContain("entrance: 7");
  expect(text).toContain("configVersion: 3");
});

it("leaves a file of this format as it is, byte for byte", () => {
  const text = `configVersion:   ${CONFIG_VERSION}   # spaces\n`;
  expect(migrated(text, "f")).toEqual({ text, from: CONFIG_VERSION, to: CONFIG_VERSION });
});

it("refuses a file of a newer release, and leaves one without a version to the schema", () => {
  expect(() => migrated("configVersion: 99", "f.yaml")).toThrowError(/f\.yaml.*99.*newer release/u);
  for (const text of ["lines: []", "a: [", "", "configVersion: one"]) {
    expect(migrated(text, "f").text).toBe(text);
  }
});

it("keeps a copy of the file it replaces", () => {
  const dir = mkdtempSync(join(tmpdir(), "clockleaf-config-"));
  const file = join(dir, "gateway.yaml");
  writeFileSync(file, "old");
  const kept = `${file}.v1`;
  keepAndReplace(file, "new", kept);
  expect([readFileSync(file, "utf8"), readFileSync(kept, "utf8")]).toEqual(["new", "old"]);
  rmSync(dir, { recursive: true });
});
