import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import type { Hono } from "hono";
import { html } from "hono/html";
import { parseDocument } from "yaml";
import { z } from "zod";
import { bodyOf } from "./body.ts";
import { readConfigFile } from "./config-file.ts";
import type { PageDeps } from "./deps.ts";
import { written } from "./edit.ts";
import type { PageEnv } from "./guard.ts";
import { draftOf, isRecord, type JsonSchema, variantName, variantsOf } from "./json-schema.ts";
import { show } from "./layout.ts";
import { foundView, readersView, testPanel, testView } from "./readers.ts";

const draftSchema = z.strictObject({
  reader: tokenSchema,
  driver: z.string().max(64),
  /** What was found, as the configuration has it, or how it hangs on this gateway. */
  port: z.union([z.string().max(32), z.record(z.string().max(32), z.json())]),
});
type Draft = z.output<typeof draftSchema>;

/** Onboarding: find a reader, name it, look through its settings, punch. */
export function mountReaders(app: Hono<PageEnv>, deps: PageDeps): void {
  const readerOf = (name: string) => {
    const status = deps.status();
    return "readers" in status ? status.readers.find(({ reader }) => reader === name) : undefined;
  };
  app.get("/readers", (c) => {
    const body = readersView(deps.status(), deps.drivers);
    return show(c, deps.status(), { title: "Readers", script: "readers.js", body });
  });
  app.get("/readers/found", async (c) => c.html(foundView(await deps.scan(), deps.drivers)));
  app.post("/readers/draft", async (c) => {
    const draft = await bodyOf(c, draftSchema);
    return c.json({ text: withLine(readConfigFile(deps.file).text, draft, deps.schema()) });
  });
  app.get("/readers/:reader/state", (c) => {
    const name = c.req.param("reader");
    return c.html(testView(name, readerOf(name)));
  });
  app.get("/readers/:reader/test", (c) => {
    const name = c.req.param("reader");
    const state = html`<div data-refresh="/readers/${encodeURIComponent(name)}/state">${testView(name, readerOf(name))}</div>`;
    const body = html`${state}${testPanel(name)}`;
    return show(c, deps.status(), { title: `Reader ${name}`, script: "taps.js", body });
  });
}

/** The text with one more line: as little as its driver asks for. Throws `config.invalid` for a text that is no YAML. */
export function withLine(
  text: string,
  { reader, driver, port }: Draft,
  schema: JsonSchema,
): string {
  const document = parseDocument(text, { logLevel: "silent" });
  if (document.errors.length > 0) {
    throw new PlatformError("config.invalid", "the configuration is no YAML: correct it first");
  }
  const items = schema.properties?.["lines"]?.items;
  const variants = typeof items === "object" ? (variantsOf(items) ?? []) : [];
  const variant = variants.find((each) => variantName(each) === driver);
  const line = variant === undefined ? undefined : draftOf(variant, reader);
  if (variant === undefined || !isRecord(line)) {
    throw new PlatformError("config.invalid", `no terminals are read as "${driver}"`);
  }
  const ports = variant.properties?.["port"];
  const withPort = ports === undefined ? line : { ...line, port: portOf(ports, port) };
  const lines = document.get("lines");
  const hasLines = typeof lines === "object" && lines !== null && "items" in lines;
  if (hasLines) document.addIn(["lines"], document.createNode(withPort));
  else document.set("lines", document.createNode([withPort]));
  // `lines: []` is in one line; what is put there need not be.
  const now = document.get("lines");
  if (typeof now === "object" && now !== null && "flow" in now) now.flow = false;
  return written(document, text);
}

function portOf(ports: JsonSchema, port: Draft["port"]): unknown {
  if (typeof port !== "string") return port;
  const variants = variantsOf(ports) ?? [ports];
  const variant = variants.find((each) => variantName(each) === port) ?? variants[0] ?? {};
  return draftOf(variant, "");
}
