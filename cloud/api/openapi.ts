import type { RouteConfig } from "@hono/zod-openapi";
import { z } from "zod";
import { createDocument, type ZodOpenApiPathsObject } from "zod-openapi";
import { ABOUT, GUARD_KEY } from "./guard.ts";
import { bodyOf, conventionsOf, outerResponsesOf, withHeaders } from "./openapi-conventions.ts";
import { type OpenApiDocument, shaped } from "./openapi-shape.ts";
import { problemSchema } from "./problem.ts";
import type { ApiRouter } from "./router.ts";

const problemContent = { "application/problem+json": { schema: problemSchema } };

/** Of operations that say nothing of requests at fault. Where they do, it is all that there is: fuzzers hold them to it. */
const ANY_FAILURE = {
  "4XX": { description: "Whatever is wrong with the request", content: problemContent },
};
/** What the app itself can answer to any request under `/api/v1`, whatever the route declares. */
const COMMON_RESPONSES = {
  "401": { description: "No valid API key", content: problemContent },
  "403": { description: "The key lacks the scope", content: problemContent },
  "500": { description: "A fault of ours; the trace id leads to the log", content: problemContent },
  "503": {
    description: "The event store is out of reach, or too many clients",
    content: problemContent,
  },
};

/**
 * The OpenAPI 3.1 document of every route registered on `app`. Made by zod's own JSON Schema: the generator that comes
 * with `@hono/zod-openapi` loses integer bounds and literals.
 */
export function openApiDocument(app: ApiRouter): OpenApiDocument {
  const paths: ZodOpenApiPathsObject = {};
  for (const definition of app.openAPIRegistry.definitions) {
    if (definition.type !== "route") continue;
    const { path, method } = definition.route;
    paths[path] = { ...paths[path], [method]: operationOf(definition.route) };
  }
  const document = createDocument(
    {
      openapi: "3.1.0",
      info: {
        title: "Clockleaf",
        version: "1",
        description:
          "Attendance from the reader to the timesheet. Errors are RFC 9457 problems whose `type` is a page of this API.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      servers: [{ url: "/" }],
      security: [{ apiKey: [] }],
      paths,
      components: {
        securitySchemes: {
          apiKey: {
            type: "http",
            scheme: "bearer",
            description:
              "`Authorization: Bearer clk_live_…`; reading needs the scope `read`, changing `write`",
          },
        },
      },
    },
    {
      override: ({ jsonSchema, zodSchema }) => {
        if (SAID_BY_FORMAT.has(jsonSchema.format ?? "")) delete jsonSchema.pattern;
        // Trimmed before it is measured.
        const isPlain = jsonSchema.minLength === 1 && jsonSchema.pattern === undefined;
        if (isPlain && !z.safeParse(zodSchema, " ").success) jsonSchema.pattern = NOT_BLANK;
      },
    },
  );
  return shaped(document);
}

/** Their patterns are long and say nothing more, or less. */
const SAID_BY_FORMAT: ReadonlySet<string> = new Set(["date", "date-time", "uuid", "nkey-user"]);
/** What is white to ECMAScript, spelled out: other languages leave some of it out. */
const NOT_BLANK = "[^\\s\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]";

const guardSchema = z.object({ anyOf: z.array(z.string()), about: z.enum(ABOUT) });

/** What the guard of a route answers, whatever the route itself can. */
function guardResponses(route: RouteConfig): object {
  const guard = guardSchema.safeParse(Reflect.get(route, GUARD_KEY)).data;
  if (guard === undefined) return {};
  const names = guard.anyOf.map((name) => `\`${name}\``).join(" or ");
  const where = guard.about === "company" ? "for the whole company" : "anywhere";
  const lacks = { description: `No permission ${names} ${where}`, content: problemContent };
  const isOfSomebody = guard.about === "person" || guard.about === "site";
  const none = { description: "No such record, or none within reach", content: problemContent };
  return { 403: lacks, ...(isOfSomebody ? { 404: none } : {}) };
}

function operationOf(route: RouteConfig): object {
  const {
    method: _method,
    path,
    request,
    middleware: _own,
    hide: _hide,
    responses,
    ...rest
  } = route;
  const isOurs = path.startsWith("/api/");
  const added = isOurs ? conventionsOf(route) : { query: {}, headers: {}, responses: {} };
  const params = {
    path: request?.params,
    query: extended(request?.query, added.query),
    header: extended(request?.headers, added.headers),
    cookie: request?.cookies,
  };
  const requestParams = Object.fromEntries(
    Object.entries(params).filter(([, schema]) => schema !== undefined),
  );
  const common = isOurs ? COMMON_RESPONSES : {};
  const body = bodyOf(route);
  const scope = route.method === "get" ? "read" : "write";
  const declared = { ...common, ...added.responses, ...responses, ...guardResponses(route) };
  const told = saysWhatFails(declared)
    ? { ...outerResponsesOf(route), ...declared }
    : { ...declared, ...ANY_FAILURE };
  return {
    ...(path.startsWith("/api/") ? { security: [{ apiKey: [scope] }] } : {}),
    ...rest,
    ...(Object.keys(requestParams).length > 0 ? { requestParams } : {}),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: Object.fromEntries(
      Object.entries<object>(told).map(
        ([status, response]) => [status, withHeaders(route, status, response)] as const,
      ),
    ),
  };
}

function extended(schema: unknown, more: Record<string, z.ZodType>): unknown {
  if (Object.keys(more).length === 0) return schema;
  if (schema === undefined) return z.object(more);
  return schema instanceof z.ZodObject ? z.object({ ...schema.shape, ...more }) : schema;
}

const saysWhatFails = (responses: object): boolean =>
  Object.keys(responses).some((status) => status.startsWith("4"));
