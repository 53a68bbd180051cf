import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asyncApiDocument } from "../asyncapi/document.ts";
import { typesOf } from "../client/generate.ts";
import { openApiDocument } from "../openapi.ts";
import { objections, readAccepted } from "./accepted-breaks.ts";
import { documentedApp } from "./all-routes.ts";
import { breaksBetween } from "./breaks.ts";
import { jsonText } from "./json-text.ts";
import { asJson, type Json } from "./schema-breaks.ts";

/**
 *     openapi.json            the HTTP API as the routes have it
 *     asyncapi.json           what goes over NATS, as the schemas have it
 *     ../client/openapi.d.ts  the types of openapi.json; committed, since nothing that imports them compiles without
 *     released.json           openapi.json as it was released last: what callers were promised
 *     accepted-breaks.json    what callers are made to change since then, and why
 */
const HERE = import.meta.dirname;
const ACCEPTED = join(HERE, "accepted-breaks.json");
const RELEASED = join(HERE, "released.json");

export const HOW = "node cloud/api/contract/main.ts write";

export interface Golden {
  /** As people call it. */
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

/** What the code gives now. */
export async function goldenOf(): Promise<Golden[]> {
  const openapi = jsonText(openApiDocument(documentedApp()));
  const types = await typesOf(asJson(JSON.parse(openapi)));
  return [
    { name: "openapi.json", file: join(HERE, "openapi.json"), text: openapi },
    {
      name: "asyncapi.json",
      file: join(HERE, "asyncapi.json"),
      text: jsonText(asyncApiDocument()),
    },
    { name: "openapi.d.ts", file: join(HERE, "../client/openapi.d.ts"), text: types },
  ];
}

/** Names of those that are not written down as they are. */
export const differing = (golden: readonly Golden[]): string[] =>
  golden
    .filter(({ file, text }) => !existsSync(file) || readFileSync(file, "utf8") !== text)
    .map(({ name }) => name);

/** Why the API may not become what it is now; empty if callers of the last release notice nothing, or it was accepted. */
export function refusals(openapi: string, released = releasedText()): string[] {
  const [before, after] = [documentOf(released), documentOf(openapi)];
  return objections(breaksBetween(before, after), readAccepted(ACCEPTED));
}

const releasedText = (): string => readFileSync(RELEASED, "utf8");
const documentOf = (text: string): Json => asJson(JSON.parse(text));

/** From here on callers rely on it. */
export function release(openapi: string): void {
  writeFileSync(RELEASED, openapi);
  writeFileSync(ACCEPTED, jsonText([]));
}
