import type { createDocument } from "zod-openapi";
import { PARAMETER_WORDS, TAG_WORDS } from "./openapi-words.ts";

export type OpenApiDocument = ReturnType<typeof createDocument>;
type Operation = NonNullable<NonNullable<OpenApiDocument["paths"]>[string]["get"]>;
type Parameter = Exclude<NonNullable<Operation["parameters"]>[number], { $ref: string }>;
type Response = NonNullable<Operation["responses"]>[string];

const METHODS = ["get", "put", "post", "patch", "delete"] as const;

const IF_MATCH: Parameter = {
  in: "header",
  name: "If-Match",
  description:
    "The `ETag` of the record as it was read; without it, a record that exists is not changed",
  schema: { type: "string", pattern: '^(?:W/)?"\\d{1,15}"$' },
  example: '"7"',
};

/**
 * What zod says too little of, or too often: parameters get their words, changes that depend on a version their `If-Match`,
 * tags their headings, and a failure that many operations share stands once, under `components`. Nothing else is changed,
 * and the document that is given is left as it was.
 */
export function shaped(document: OpenApiDocument): OpenApiDocument {
  const copy = structuredClone(document);
  const operations = Object.values(copy.paths ?? {}).flatMap((item) =>
    METHODS.flatMap((method) => item[method] ?? []),
  );
  for (const operation of operations) describeParameters(operation);
  const needsVersion = operations.filter(({ responses }) => "412" in (responses ?? {}));
  const unsaid = needsVersion.filter((operation) => !hasIfMatch(operation));
  for (const operation of unsaid) {
    operation.parameters = [
      ...(operation.parameters ?? []),
      { $ref: "#/components/parameters/IfMatch" },
    ];
  }
  const tags = [...new Set(operations.flatMap((operation) => operation.tags ?? []))].toSorted();
  copy.tags = tags.map((name) => ({ name, description: TAG_WORDS[name] ?? "" }));
  copy.components = {
    ...copy.components,
    ...(unsaid.length === 0 ? {} : { parameters: { IfMatch: IF_MATCH } }),
    responses: shareFailures(operations),
  };
  return copy;
}

function describeParameters(operation: Operation): void {
  for (const parameter of operation.parameters ?? []) {
    if ("$ref" in parameter) continue;
    const { schema } = parameter;
    const own = typeof schema === "object" && "description" in schema ? schema.description : "";
    const words = parameter.description ?? (own || PARAMETER_WORDS[parameter.name]);
    if (words !== undefined) parameter.description = words;
    // Said once.
    if (typeof schema === "object" && own === words) delete schema.description;
  }
}

const hasIfMatch = (operation: Operation): boolean =>
  (operation.parameters ?? []).some(
    (each) => "name" in each && each.name.toLowerCase() === "if-match",
  );

/** Takes the failures that are written more than once out of the operations; returns them by name. */
function shareFailures(operations: readonly Operation[]): Record<string, Response> {
  const uses = new Map<string, number>();
  const failures = operations.flatMap(({ responses = {} }) =>
    Object.entries(responses).filter(([status]) => /^[45]/u.test(status)),
  );
  for (const [, response] of failures) {
    const text = JSON.stringify(response);
    uses.set(text, (uses.get(text) ?? 0) + 1);
  }
  const shared: Record<string, Response> = {};
  for (const { responses = {} } of operations) {
    for (const [status, response] of Object.entries(responses)) {
      if ((uses.get(JSON.stringify(response)) ?? 0) < 2) continue;
      const name = nameOf(response);
      // Two that begin alike: the second stays where it is.
      if (JSON.stringify((shared[name] ??= response)) !== JSON.stringify(response)) continue;
      responses[status] = { $ref: `#/components/responses/${name}` };
    }
  }
  return Object.fromEntries(Object.entries(shared).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** `NoSuchRecord`: the first clause of the description. */
function nameOf(response: Response): string {
  const [clause = ""] = String(response.description).split(/[;,.]/u);
  return clause
    .split(/[^A-Za-z0-9]+/u)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}
