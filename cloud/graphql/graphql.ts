import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSubgraphSchema } from "@apollo/subgraph";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { type ExecutionArgs, type GraphQLSchema, getOperationAST, parse } from "graphql";
import { createYoga, type Plugin } from "graphql-yoga";
import { createInProcessApi, type Fetch } from "../api/in-process.ts";
import { createGraphContext, type GraphContext } from "./context.ts";
import { overLimit } from "./limits.ts";
import { resolvers } from "./resolvers.ts";

/** The schema as people and composition tools read it. */
export const TYPE_DEFINITIONS = readFileSync(join(import.meta.dirname, "schema.graphql"), "utf8");

/** The schema with its resolvers and what makes it a subgraph of Apollo Federation 2 (`_service`, `_entities`). */
export const graphSchema = (): GraphQLSchema =>
  buildSubgraphSchema([{ typeDefs: parse(TYPE_DEFINITIONS), resolvers }]);

/** Tokens of a document: above it parsing stops, long before what is nested could exhaust the parser's stack. */
const MAX_TOKENS = 2_000;

/**
 * GraphQL over HTTP, subscriptions as server-sent events. Every resolver calls the HTTP API within the process in the name of
 * whoever asked, so nothing is shown here that is not shown there. Reads only.
 */
export function createGraphql({ api, log }: { readonly api: Fetch; readonly log: Log }): Fetch {
  const inProcess = createInProcessApi(api);
  const yoga = createYoga<object, GraphContext>({
    schema: graphSchema(),
    graphqlEndpoint: "/graphql",
    graphiql: false,
    landingPage: false,
    batching: false,
    multipart: false,
    cors: false,
    parserAndValidationCache: true,
    logging: {
      debug: () => undefined,
      info: () => undefined,
      warn: (...args: unknown[]) => log.warn({ args }, "graphql"),
      error: (...args: unknown[]) => log.error({ err: args[0] }, "graphql"),
    },
    context: ({ request }) =>
      createGraphContext(inProcess, { headers: request.headers, signal: request.signal }),
    plugins: [limited],
  });
  return (request) => yoga.fetch(request);
}

/** Before anything is resolved, a subscription's beginning included. */
const limited: Plugin = {
  onParse({ params, setParseFn }) {
    setParseFn((source) => parse(source, { ...params.options, maxTokens: MAX_TOKENS }));
  },
  onExecute({ args, setResultAndStopExecution }) {
    const over = overLimitOf(args);
    if (over !== undefined) setResultAndStopExecution({ errors: [over] });
  },
  onSubscribe({ args, setResultAndStopExecution }) {
    const over = overLimitOf(args);
    if (over !== undefined) setResultAndStopExecution({ errors: [over] });
  },
};

function overLimitOf({ document, operationName, variableValues }: ExecutionArgs) {
  const operation = getOperationAST(document, operationName);
  if (operation === null || operation === undefined) return undefined;
  return overLimit({ document, operation, variables: variableValues ?? {} });
}
