import type { ConfigProblem } from "@clockleaf/shared/lib/yaml-config.ts";
import { html } from "hono/html";
import { isSecretName } from "../cli/config-text.ts";
import {
  type JsonSchema,
  type Path,
  pathText,
  type Step,
  valueAt,
  variantName,
  variantOf,
  variantsOf,
} from "./json-schema.ts";
import { type Html, nothing } from "./layout.ts";

/**
 * A form for a configuration, made of its JSON Schema alone. Every input names its place (`data-path`, JSON) and how its
 * text becomes a value (`data-kind`); buttons and choices of alternatives name an operation (`data-op`) of `edit.ts`.
 * The text stays the truth: whoever uses the form has the text changed, and gets this again.
 */
export function configForm(
  schema: JsonSchema,
  value: unknown,
  problems: readonly ConfigProblem[],
): Html {
  const context = { value, problems };
  return html`${fieldsOf(schema, [], context)}`;
}

interface Context {
  /** The whole configuration, as written. */
  readonly value: unknown;
  readonly problems: readonly ConfigProblem[];
}

/** The keys of an object, what it must have first. */
function fieldsOf(schema: JsonSchema, path: Path, context: Context): Html {
  const required = schema.required ?? [];
  const entries = Object.entries(schema.properties ?? {}).filter(
    ([, each]) => each.const === undefined,
  );
  const ordered = [
    ...entries.filter(([key]) => required.includes(key)),
    ...entries.filter(([key]) => !required.includes(key)),
  ];
  return html`${ordered.map(([key, each]) =>
    field({ schema: each, path: [...path, key], isRequired: required.includes(key), context }),
  )}`;
}

interface Field {
  readonly schema: JsonSchema;
  readonly path: Path;
  readonly isRequired: boolean;
  readonly context: Context;
}

function field(each: Field): Html {
  const { schema } = each;
  const variants = variantsOf(schema);
  if (variants !== undefined && !variants.every(({ const: fixed }) => fixed !== undefined)) {
    return union(each, variants);
  }
  if (schema.type === "object" && schema.properties !== undefined) return group(each);
  if (schema.type === "array" && typeof schema.items === "object" && !isTuple(schema)) {
    return list(each, schema.items);
  }
  return scalar(each);
}

const isTuple = (schema: JsonSchema): boolean => "prefixItems" in schema;
const labelOf = (path: Path): string => labelOfStep(path.at(-1) ?? "");
const labelOfStep = (step: Step): string => (typeof step === "number" ? `${step + 1}` : step);
const idOf = (path: Path): string => `f-${path.join("-")}`;
const json = (value: unknown): string => JSON.stringify(value);

function group({ schema, path, isRequired, context }: Field): Html {
  const isThere = valueAt(context.value, path) !== undefined;
  const isOpen = isRequired || hasProblem(path, context);
  const button = isThere && !isRequired ? removeButton(path) : nothing;
  const inner =
    isThere || isRequired || schema.default !== undefined
      ? html`${fieldsOf(schema, path, context)}${button}`
      : html`<button type="button" data-op="choose" data-variant="0" data-path="${json(path)}">Set ${labelOf(path)}</button>`;
  return folded({ path, isOpen, description: schema.description, inner });
}

interface Folded {
  readonly path: Path;
  readonly isOpen: boolean;
  readonly description: string | undefined;
  readonly inner: Html;
}

function folded({ path, isOpen, description, inner }: Folded): Html {
  const name =
    path.length > 1 && typeof path.at(-1) === "number"
      ? `${String(path.at(-2))} ${labelOf(path)}`
      : labelOf(path);
  return html`<details class="group" id="${idOf(path)}" ${isOpen ? html`open` : nothing}>
    <summary>${name}</summary>${description === undefined ? nothing : html`<p class="muted">${description}</p>`}
    <div class="fields">${inner}</div></details>`;
}

function list({ schema, path, isRequired, context }: Field, items: JsonSchema): Html {
  const value = valueAt(context.value, path);
  const there: readonly unknown[] = Array.isArray(value) ? value : [];
  const isFull = there.length >= (schema.maxItems ?? Number.POSITIVE_INFINITY);
  const inner = html`${there.map((_, index) => {
    const at = [...path, index];
    return html`<div class="item">${field({ schema: items, path: at, isRequired: true, context })}${removeButton(at)}</div>`;
  })}
    ${there.length === 0 ? html`<p class="empty">None${isRequired ? " yet" : ""}.</p>` : nothing}
    ${isFull ? nothing : html`<button type="button" data-op="add" data-path="${json(path)}">Add to ${labelOf(path)}</button>`}`;
  const isOpen = isRequired || there.length > 0 || hasProblem(path, context);
  return html`${folded({ path, isOpen, description: schema.description, inner })}${problemsAt(path, context)}`;
}

const removeButton = (path: Path): Html =>
  html`<button type="button" class="remove" data-op="remove" data-path="${json(path)}">Remove<span class="hidden"> ${pathText(path)}</span></button>`;

/** One of several: a choice, and below it the fields of what is chosen. */
function union(
  { schema, path, isRequired, context }: Field,
  variants: readonly JsonSchema[],
): Html {
  const value = valueAt(context.value, path);
  const chosen = variantOf(variants, value ?? schema.default);
  const id = `${idOf(path)}-choice`;
  const label =
    typeof path.at(-1) === "number" ? `${String(path.at(-2))} ${labelOf(path)}` : labelOf(path);
  const description =
    schema.description === undefined
      ? nothing
      : html`<small class="muted" id="${id}-d">${schema.description}</small>`;
  const isUnset = !isRequired && value === undefined;
  const options = variants.map((variant, index) => {
    const isChosen = index === chosen && !isUnset;
    return html`<option value="${index}" ${isChosen ? html`selected` : nothing}>${choiceWords(variant)}</option>`;
  });
  const unset =
    isRequired && chosen >= 0
      ? nothing
      : html`<option value="" ${isUnset || chosen < 0 ? html`selected` : nothing}>${isRequired ? "choose" : "not set: the default"}</option>`;
  const variant = isUnset ? undefined : variants[chosen];
  return html`<div class="union"><label for="${id}">${label}</label>
    <select id="${id}" data-op="choose" data-path="${json(path)}">${unset}${options}</select>${description}${problemsAt(path, context)}
    ${variant === undefined ? nothing : variantFields(variant, { schema: variant, path, isRequired: true, context })}</div>`;
}

function choiceWords(variant: JsonSchema): string {
  const name = variantName(variant);
  const fixed = Object.values(variant.properties ?? {}).find((each) => each.const !== undefined);
  const only = variant.required?.length === 1 ? variant.properties?.[name] : undefined;
  const words = fixed?.description ?? only?.description ?? variant.description;
  return words === undefined ? name : `${name}: ${words}`;
}

function variantFields(variant: JsonSchema, each: Field): Html {
  if (variant.const !== undefined || variant.type === "null") return nothing;
  if (variant.type === "object" && variant.properties !== undefined) {
    return html`<div class="fields">${fieldsOf(variant, each.path, each.context)}</div>`;
  }
  return field(each);
}

/** A value without parts; what no input of its own is made for is written as JSON. */
function scalar({ schema, path, isRequired, context }: Field): Html {
  const id = idOf(path);
  const value = valueAt(context.value, path);
  const wrong = problemsAt(path, context);
  const common = html`id="${id}" data-path="${json(path)}" aria-describedby="${id}-d ${id}-p" ${
    wrong === nothing ? nothing : html`aria-invalid="true"`
  } ${isRequired ? html`required` : nothing}`;
  const numbered =
    typeof path.at(-1) === "number" ? `${String(path.at(-2))} ${labelOf(path)}` : labelOf(path);
  return html`<div class="field"><label for="${id}">${numbered}</label>
    ${input({ schema, value, common, name: path.findLast((step) => typeof step === "string") ?? "" })}
    <small class="muted" id="${id}-d">${schema.description ?? nothing}</small>
    <div id="${id}-p">${wrong}</div></div>`;
}

interface Input {
  readonly schema: JsonSchema;
  readonly value: unknown;
  readonly common: Html;
  readonly name: string;
}

function input({ schema, value, common, name }: Input): Html {
  const choices =
    schema.enum ??
    variantsOf(schema)?.map((each) => each.const) ??
    (schema.type === "boolean" ? [true, false] : undefined);
  const placeholder = schema.default === undefined ? "" : `default: ${text(schema.default)}`;
  if (choices !== undefined) {
    const isUnset = value === undefined;
    return html`<select data-kind="json" ${common}><option value="" ${isUnset ? html`selected` : nothing}>${placeholder || "not set"}</option>${choices.map(
      (choice) =>
        html`<option value="${json(choice)}" ${choice === value ? html`selected` : nothing}>${text(choice)}</option>`,
    )}</select>`;
  }
  if (schema.type === "number" || schema.type === "integer") {
    return html`<input data-kind="number" inputmode="decimal" value="${text(value)}" placeholder="${placeholder}" ${common}>`;
  }
  if (schema.type === "string") {
    const type = isSecretName(name) ? "password" : "text";
    return html`<input type="${type}" data-kind="string" value="${text(value)}" placeholder="${placeholder}" autocomplete="off" spellcheck="false" ${common}>`;
  }
  return html`<textarea rows="2" data-kind="json" spellcheck="false" placeholder="${placeholder === "" ? "JSON" : placeholder}" ${common}>${value === undefined ? "" : json(value)}</textarea>`;
}

const text = (value: unknown): string => {
  if (value === undefined) return "";
  return typeof value === "string" ? value : json(value);
};

function problemsAt(path: Path, { problems }: Context): Html {
  const here = problems.filter((problem) => problem.path === pathText(path));
  if (here.length === 0) return nothing;
  return html`${here.map(({ line, col, message }) => html`<p class="problem">line ${line}, column ${col}: ${message}</p>`)}`;
}

const hasProblem = (path: Path, { problems }: Context): boolean =>
  problems.some((problem) => problem.path.startsWith(pathText(path)));
