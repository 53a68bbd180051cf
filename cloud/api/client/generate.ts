import openapiTs, { astToString, type OpenAPI3 } from "openapi-typescript";

const HEAD =
  "// Made by `node cloud/api/contract/main.ts write` from contract/openapi.json. Not to be edited.\n\n";

/** The types of `openapi.d.ts`: what each path takes and answers. The same document always gives the same text. */
export async function typesOf(document: object): Promise<string> {
  // Of another author's type for the same standard.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const nodes = await openapiTs(structuredClone(document) as OpenAPI3, {
    // What has a default may be left out of a request.
    defaultNonNullable: false,
  });
  return HEAD + astToString(nodes);
}
