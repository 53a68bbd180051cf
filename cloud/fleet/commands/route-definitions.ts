import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { guarded } from "../../api/guard.ts";
import {
  invalidResponse,
  jsonBody,
  jsonResponse,
  noAnswerResponse,
  notFoundResponse,
  pageQuerySchema,
  pageSchema,
  refusalResponses,
} from "../../api/router.ts";
import { commandAnswerSchema, commandSchema, readerSchema } from "./views.ts";

const tags = ["fleet"];
const params = z.object({ site: tokenSchema, gateway: tokenSchema });

export const listReadersRoute = createRoute({
  ...guarded({ permission: "fleet.read", about: "site" }),
  method: "get",
  path: "/gateways/{site}/{gateway}/readers",
  operationId: "listReaders",
  summary: "The readers of a gateway as it last told of them, with their faults",
  tags,
  request: {
    params,
    query: pageQuerySchema.extend({ state: readerSchema.shape.state.optional() }),
  },
  responses: {
    200: jsonResponse(pageSchema(readerSchema), "One page, by name; empty until it is heard"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

export const commandRoute = createRoute({
  ...guarded({ permission: "fleet.manage", about: "site" }),
  method: "post",
  path: "/gateways/{site}/{gateway}/commands",
  operationId: "commandGateway",
  summary: "Have a gateway send rows again, show a reader, set its clock or restart its driver",
  description:
    "The answer is the gateway's own. A gateway that has been silent is not asked (503); one that does not answer in time may have carried the command out all the same (504). Every command is an event with who wanted it, and so stands in the audit log, before the gateway is asked; one that cannot be put on record is not sent (503).",
  tags,
  request: { params, body: jsonBody(commandSchema) },
  responses: {
    200: jsonResponse(commandAnswerSchema, "What the gateway answered"),
    202: jsonResponse(commandAnswerSchema, "The rows will come"),
    ...refusalResponses,
    ...noAnswerResponse,
  },
});
