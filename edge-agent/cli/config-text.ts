import { z } from "zod";
import { configSchema, type EdgeConfig } from "../config.ts";

/** Where the JSON Schema of the configuration lies for editors; `config schema > FILE` makes it. */
export const SCHEMA_LINE = "# yaml-language-server: $schema=./gateway.schema.json\n";

const HIDDEN = "<hidden>";
/** What a value is called that nobody should read over a shoulder or in a support archive. File names are no secrets. */
const SECRET = /(password|secret|token|commkey|passphrase)$/iu;

export const isSecretName = (name: string): boolean => SECRET.test(name);

/** The same with every secret hidden, whatever driver it belongs to. */
export function redacted(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) return value.map((each) => redacted(each, name));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, redacted(inner, key)]),
    );
  }
  const isSecret = isSecretName(name) && value !== undefined && value !== null;
  return isSecret ? HIDDEN : value;
}

/** JSON Schema (2020-12) of the file, with descriptions and defaults; what a person writes, not what the agent makes of it. */
export const jsonSchemaOf = (): object =>
  z.toJSONSchema(configSchema, { io: "input", unrepresentable: "any" });

export interface Difference {
  /** `lines[0].settings.pollMs` */
  readonly path: string;
  /** Undefined = not there. */
  readonly before: unknown;
  readonly after: unknown;
}

/** What differs between two configurations with all defaults filled in, in the order of the paths. */
export function differences(before: EdgeConfig, after: EdgeConfig): readonly Difference[] {
  const [one, other] = [leavesOf(before), leavesOf(after)];
  const paths = [...new Set([...one.keys(), ...other.keys()])].toSorted();
  return paths
    .map((path) => ({ path, before: one.get(path), after: other.get(path) }))
    .filter((each) => each.before !== each.after);
}

function leavesOf(config: EdgeConfig): Map<string, unknown> {
  const leaves = new Map<string, unknown>();
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value) && value.length > 0) {
      for (const [index, each] of value.entries()) walk(each, `${path}[${index}]`);
    } else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      for (const [key, each] of Object.entries(value))
        walk(each, path === "" ? key : `${path}.${key}`);
    } else if (value !== undefined) {
      leaves.set(path, Array.isArray(value) ? "[]" : value);
    }
  };
  walk(redacted(config), "");
  return leaves;
}
