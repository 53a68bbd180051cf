import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jsonSchemaOf } from "./cli/config-text.ts";
import { parseEdgeConfig, readersOf } from "./config.ts";
import { drivers } from "./devices/catalogue.ts";
import { diffOf } from "./page/diff.ts";
import { type Edit, edited, problemsOf, valueOf } from "./page/edit.ts";
import { configForm } from "./page/form.ts";
import type { JsonSchema } from "./page/json-schema.ts";
import { withLine } from "./page/reader-routes.ts";

const SCHEMA: JsonSchema = jsonSchemaOf();
const SAMPLE = readFileSync(
  join(import.meta.dirname, "../deploy/edge/gateway.sample.yaml"),
  "utf8",
);
const changed = (text: string, ...edits: readonly Edit[]): string =>
  edits.reduce((now, edit) => edited(now, edit, SCHEMA), text);
const told = (text: string) => {
  try {
    parseEdgeConfig(text, "gateway.yaml");
    return [];
  } catch (error) {
    return problemsOf(error);
  }
};

describe("a change made in the form", () => {
  it("touches its own lines of the sample only, and every comment stays", () => {
    const after = changed(SAMPLE, {
      op: "set",
      path: ["lines", 0, "settings", "readers", 0, "address"],
      value: 9,
    });
    const lines = diffOf(SAMPLE, after).filter(({ kind }) => kind !== "same");
    expect(lines.map(({ kind, text }) => [kind, text.trim()])).toEqual([
      ["removed", "address: 0"],
      ["added", "address: 9"],
    ]);
  });

  it("makes what is not there yet, and takes it away again", () => {
    const set = changed(SAMPLE, { op: "set", path: ["clock", "source"], value: "system" });
    expect(valueOf(set)).toMatchObject({ clock: { source: "system" } });
    const gone = changed(set, { op: "remove", path: ["clock"] });
    expect(valueOf(gone)).toEqual(valueOf(SAMPLE));
  });

  it("adds an item, and makes a line one of another kind on the same port", () => {
    const more = changed(SAMPLE, { op: "add", path: ["lines", 0, "settings", "readers"] });
    expect(told(more).map(({ path }) => path)).toContain("lines[0].settings.readers[2].id");
    const anviz = Object.keys(drivers).indexOf("anviz");
    const other = changed(SAMPLE, { op: "choose", path: ["lines", 0], variant: anviz });
    expect(valueOf(other)).toMatchObject({
      lines: [
        { driver: "anviz", port: { serial: { baudRate: 9600 } } },
        { driver: "hid-keyboard" },
      ],
    });
  });

  it("refuses what has no place, and a text that is no YAML", () => {
    expect(() =>
      changed("tenant: acme\n", { op: "set", path: ["tenant", "x"], value: 1 }),
    ).toThrowError(/tenant\.x/u);
    expect(() => changed("a: [", { op: "remove", path: ["a"] })).toThrowError(
      /correct the YAML first/u,
    );
  });
});

/** `html` makes a text at once, unless it is given promises. */
async function form(text: string): Promise<string> {
  const made: unknown = await configForm(SCHEMA, valueOf(text), told(text));
  return String(made);
}

describe("the form", () => {
  it("has a field for every value of the sample, with its place", async () => {
    const html = await form(SAMPLE);
    const places = [...html.matchAll(/data-path="([^"]+)"/gu)].map(([, path = ""]) =>
      path.replaceAll("&quot;", '"'),
    );
    const walk = (value: unknown, path: readonly (string | number)[]): void => {
      if (typeof value === "object" && value !== null) {
        for (const [key, inner] of Object.entries(value))
          walk(inner, [...path, Array.isArray(value) ? Number(key) : key]);
      } else if (!["configVersion", "driver"].includes(String(path.at(-1)))) {
        expect(places).toContain(JSON.stringify(path));
      }
    };
    walk(valueOf(SAMPLE), []);
  });

  it("says at the field what is wrong, with line and column", async () => {
    const html = await form(SAMPLE.replace("baudRate: 9600", "baudRate: fast"));
    expect(html).toMatch(/id="f-lines-0-port-serial-baudRate"[^>]*aria-invalid="true"/u);
    expect(html).toMatch(/<p class="problem">line \d+, column \d+: expected number/u);
  });

  it("has one label for every input", async () => {
    const html = await form(SAMPLE);
    const ids = [...html.matchAll(/<(?:input|select|textarea)[^>]*\sid="([^"]+)"/gu)].map(
      ([, id]) => id,
    );
    const labelled = new Set([...html.matchAll(/<label for="([^"]+)"/gu)].map(([, id]) => id));
    expect(ids.length).toBeGreaterThan(20);
    expect(ids.filter((id) => !labelled.has(id ?? ""))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("the draft of a line for a reader that was found", () => {
  const EMPTY = `${SAMPLE.slice(0, SAMPLE.indexOf("\nlines:"))}\ntimeZone: Europe/Berlin\nlines: [] # none yet\n`;

  it.each(Object.keys(drivers))(
    "names the reader, and asks only for what nobody can know (%s)",
    (driver) => {
      const text = withLine(EMPTY, { driver, reader: "gate-7", port: "serial" }, SCHEMA);
      const at = "lines[0]";
      const open = told(text);
      expect(open.filter(({ path }) => !path.startsWith(at))).toEqual([]);
      expect(text).toMatch(/\b(?:id|reader): gate-7\b/u);
      // Whatever is open is something a person writes: an empty text.
      for (const { message } of open)
        expect(message).toMatch(
          /Too small|Invalid string|use nats|digits|must match|secureChannel is required|expected object/iu,
        );
    },
  );

  it("is complete for a keyboard reader, and leaves what was there", () => {
    const port = { hid: { vendorId: "0c27", productId: "3bfa" } };
    const text = withLine(SAMPLE, { driver: "hid-keyboard", reader: "desk-2", port }, SCHEMA);
    const config = parseEdgeConfig(text, "gateway.yaml");
    expect(config.lines.flatMap(readersOf)).toEqual(["gate-in", "gate-out", "desk-1", "desk-2"]);
    expect(diffOf(SAMPLE, text).some(({ kind }) => kind === "removed")).toBe(false);
  });

  it("refuses a driver that there is none of", () => {
    expect(() =>
      withLine(SAMPLE, { driver: "nope", reader: "a", port: "tcp" }, SCHEMA),
    ).toThrowError(/"nope"/u);
  });
});

describe("what changes", () => {
  it("is shown with two lines around it, whatever the sizes", () => {
    const before = Array.from({ length: 50 }, (_, index) => `line ${index}`);
    const after = before.with(20, "other").toSpliced(40, 1);
    const lines = diffOf(before.join("\n"), after.join("\n"));
    expect(lines.filter(({ kind }) => kind === "removed").map(({ text }) => text)).toEqual([
      "line 20",
      "line 40",
    ]);
    expect(lines.filter(({ kind }) => kind === "added").map(({ text }) => text)).toEqual(["other"]);
    expect(lines.filter(({ kind }) => kind === "same").length).toBe(8);
    expect(diffOf("a", "a")).toEqual([]);
    const large = Array.from({ length: 3_000 }, (_, index) => `${index % 7}`);
    expect(
      diffOf(large.join("\n"), large.toReversed().concat("x").join("\n")).length,
    ).toBeGreaterThan(0);
  });
});
