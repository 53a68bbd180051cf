import { join } from "node:path";
import { expect, it } from "vitest";
import { loadEdgeConfig } from "../config.ts";
import { differences, jsonSchemaOf, redacted } from "./config-text.ts";

const SAMPLE = loadEdgeConfig(join(import.meta.dirname, "../../deploy/edge/gateway.sample.yaml"));

it("hides secrets wherever they stand, and nothing else", () => {
  const config = {
    lines: [{ settings: { commKey: 4711, keyFile: "/k", apiToken: "t" } }],
    password: null,
  };
  expect(redacted(config)).toEqual({
    lines: [{ settings: { commKey: "<hidden>", keyFile: "/k", apiToken: "<hidden>" } }],
    password: null,
  });
  expect(redacted(SAMPLE)).toEqual(SAMPLE);
});

it("tells what differs, by path, with defaults filled in", () => {
  const [first, ...others] = SAMPLE.lines;
  if (first === undefined) throw new Error("the sample has lines");
  expect(differences(SAMPLE, SAMPLE)).toEqual([]);
  const changed = { ...SAMPLE, site: "plant-2", lines: others };
  const found = differences(SAMPLE, changed);
  expect(found).toContainEqual({ path: "site", before: "plant-1", after: "plant-2" });
  expect(found).toContainEqual({ path: "lines[0].driver", before: "osdp", after: "hid-keyboard" });
});

it("describes every key of the file, for every driver", () => {
  const text = JSON.stringify(jsonSchemaOf());
  expect(text).toContain("osdp");
  expect(text).toContain("hid-keyboard");
  expect(text).toContain("The leaf server on this gateway");
});
