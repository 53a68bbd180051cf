import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { type ConfigProblem, configProblemsOf } from "@clockleaf/shared/lib/yaml-config.ts";
import { type Document, isNode, parseDocument } from "yaml";
import { z } from "zod";
import { compare } from "./diff.ts";
import {
  draftOf,
  isRecord,
  type JsonSchema,
  type Path,
  schemaAt,
  valueAt,
  variantsOf,
} from "./json-schema.ts";

const pathSchema = z.array(z.union([z.string().max(128), z.int().min(0).max(1023)])).max(16);

/** One change that a person makes in the form. */
export const editSchema = z.discriminatedUnion("op", [
  z.strictObject({ op: z.literal("set"), path: pathSchema, value: z.json() }),
  /** Takes a key or an item away: the default applies. */
  z.strictObject({ op: z.literal("remove"), path: pathSchema }),
  /** Appends an item, as empty as the schema lets it be. */
  z.strictObject({ op: z.literal("add"), path: pathSchema }),
  /** Makes it another of the alternatives that the schema has here. */
  z.strictObject({ op: z.literal("choose"), path: pathSchema, variant: z.int().min(0).max(63) }),
]);
export type Edit = z.output<typeof editSchema>;

/** The value that a text holds; undefined while it is no YAML. */
export function valueOf(text: string): unknown {
  const document = parseDocument(text, { logLevel: "silent" });
  if (document.errors.length > 0) return undefined;
  try {
    const value: unknown = document.toJS();
    return value;
  } catch {
    return undefined; // aliases that expand without end
  }
}

/** The text with one thing changed, comments and order kept. Throws `config.invalid` for a text that is no YAML. */
export function edited(text: string, edit: Edit, schema: JsonSchema): string {
  const document = parseDocument(text, { logLevel: "silent" });
  const value = valueOf(text);
  if (value === undefined) {
    throw new PlatformError("config.invalid", "correct the YAML first: it cannot be read as it is");
  }
  try {
    apply(document, edit, { schema, value });
  } catch (cause) {
    throw new PlatformError("config.invalid", `nothing can be put at ${edit.path.join(".")}`, {
      cause,
    });
  }
  return written(document, text);
}

/**
 * The document as text. The writer has a style of its own, for brackets and indents: it is used for what has changed, and
 * every other line stays as a person wrote it.
 */
export function written(document: Document, before: string): string {
  const style = { lineWidth: 0 };
  const plain = parseDocument(before, { logLevel: "silent" }).toString(style).split("\n");
  const own = before.endsWith("\n") ? before.split("\n") : [...before.split("\n"), ""];
  const changed = document.toString(style);
  if (plain.length !== own.length) return changed;
  let at = 0;
  const lines = compare(plain, changed.split("\n")).flatMap(({ kind, text }) => {
    if (kind === "added") return [text];
    at += 1;
    return kind === "same" ? [own[at - 1] ?? text] : [];
  });
  return lines.join("\n");
}

interface Place {
  readonly schema: JsonSchema;
  readonly value: unknown;
}

function apply(document: Document, edit: Edit, place: Place): void {
  switch (edit.op) {
    case "set":
      return put(document, edit.path, edit.value);
    case "remove":
      return void document.deleteIn(edit.path);
    case "add": {
      const items = schemaAt(place.schema, place.value, edit.path)?.items;
      const there = valueAt(place.value, edit.path);
      const item = draftOf(typeof items === "object" ? items : {}, "");
      return Array.isArray(there)
        ? put(document, [...edit.path, there.length], item)
        : put(document, edit.path, [item]);
    }
    case "choose": {
      const at = schemaAt(place.schema, place.value, edit.path);
      const chosen = at === undefined ? undefined : (variantsOf(at) ?? [at])[edit.variant];
      if (chosen === undefined) return undefined;
      return put(document, edit.path, chooseFrom(chosen, valueAt(place.value, edit.path)));
    }
  }
}

/** The alternative's least value, with what of the old one fits under the same keys, such as the port of a line. */
function chooseFrom(chosen: JsonSchema, before: unknown): unknown {
  const draft = draftOf(chosen, "");
  if (!isRecord(draft) || !isRecord(before)) return draft;
  const kept = Object.entries(draft).map(([key, value]) => {
    const isFixed = chosen.properties?.[key]?.const !== undefined;
    return [key, key === "port" && key in before && !isFixed ? before[key] : value] as const;
  });
  return Object.fromEntries(kept);
}

/** What stood beside the old value in comments stays beside the new one. */
function put(document: Document, path: Path, value: unknown): void {
  const before: unknown = document.getIn(path, true);
  const node = document.createNode(value);
  if (isNode(before) && isNode(node)) {
    node.comment = before.comment ?? null;
    node.commentBefore = before.commentBefore ?? null;
    node.spaceBefore = before.spaceBefore ?? false;
  }
  if (path.length === 0) document.contents = node;
  else document.setIn(path, node);
}

/** What a check said, for showing it; empty = nothing is wrong. */
export function problemsOf(error: unknown): readonly ConfigProblem[] {
  const problems = configProblemsOf(error);
  if (problems.length > 0) return problems;
  const message = error instanceof Error ? error.message : String(error);
  return [{ path: "", line: 1, col: 1, message }];
}
