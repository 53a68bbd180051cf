import {
  type Config,
  createConfig,
  lintFromString,
  type RawUniversalConfig,
} from "@redocly/openapi-core";

/** Every rule that the linter calls an error or a warning is an error here; these besides, or not. */
const RULES: RawUniversalConfig = {
  extends: ["recommended-strict"],
  rules: {
    "operation-operationId": "error",
    "operation-operationId-unique": "error",
    "operation-operationId-url-safe": "error",
    "operation-summary": "error",
    "operation-singular-tag": "error",
    "operation-tag-defined": "error",
    "operation-2xx-response": "off", // a login answers with a redirect; the rule below asks for either
    "operation-4xx-response": "error",
    "operation-4xx-problem-details-rfc7807": "error",
    "operation-parameters-unique": "error",
    "tag-description": "error",
    "parameter-description": "error",
    "path-params-defined": "error",
    "path-declaration-must-exist": "error",
    "path-not-include-query": "error",
    "paths-kebab-case": "off", // `/employees:batch` is meant so; the rule below has the form
    "no-path-trailing-slash": "error",
    "no-identical-paths": "error",
    "no-unused-components": "error",
    "no-unresolved-refs": "error",
    "no-invalid-schema-examples": "error",
    "no-invalid-parameter-examples": "error",
    "no-invalid-media-type-examples": "error",
    "no-enum-type-mismatch": "error",
    "no-duplicated-tag-names": "error",
    "no-duplicated-enum-values": "error",
    "no-schema-type-mismatch": "error",
    "no-required-schema-properties-undefined": "error",
    "no-mixed-number-range-constraints": "error",
    "component-name-unique": "error",
    "array-parameter-serialization": "off", // there are none
    "security-defined": "error",
    "info-license": "error",
    // `GET leave/accounts/{employeeId}` and `POST leave/{leaveId}/cancel`: their methods tell them apart.
    "no-ambiguous-paths": "off",
    "rule/operation-id-is-camel-case": {
      subject: { type: "Operation", property: "operationId" },
      assertions: { casing: "camelCase" },
      message: "an operationId is the name of a function",
    },
    "rule/operation-says-what-succeeds": {
      subject: { type: "Responses" },
      assertions: { requireAny: ["200", "201", "202", "204", "302", "303"] },
    },
    "rule/path-is-kebab-case": {
      subject: { type: "Paths" },
      assertions: { pattern: String.raw`/^(?:\/(?:[a-z0-9.-]+(?::[a-z]+)?|\{[A-Za-z]+\}))+$/` },
      message: "paths are kebab-case; a `:verb` may end them",
    },
    "rule/summary-has-no-full-stop": {
      subject: { type: "Operation", property: "summary" },
      assertions: { notPattern: "/\\.$/", maxLength: 120 },
    },
  },
};

let config: Promise<Config> | undefined;

/** What is wrong with an OpenAPI or AsyncAPI document: one sentence each, with the rule and the place. */
export async function faultsOf(document: object): Promise<string[]> {
  config ??= createConfig(RULES);
  const problems = await lintFromString({
    source: JSON.stringify(document),
    absoluteRef: "/document.json",
    config: await config,
  });
  return problems.map(
    ({ ruleId, location, message }) => `${ruleId} ${location[0]?.pointer ?? ""}: ${message}`,
  );
}
