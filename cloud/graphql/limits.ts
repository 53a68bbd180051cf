import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";

/** What one request may ask for. */
export const LIMITS = {
  /** Levels of fields; a person's manager's manager's … */
  depth: 8,
  /** The same below `__schema` and `__type`: what the usual introspection takes. */
  introspection: 16,
  /** Fields with another name than their own: how one asks the same thing a thousand times. */
  aliases: 30,
  /** Fields as written, fragments spread out. */
  fields: 1_000,
  /** Objects that the answer may hold at most, each list as long as `first` says. */
  objects: 10_000,
} as const;
export type Limits = typeof LIMITS;

/** Levels of selections that are looked at; a document nested deeper is refused by the depth before. */
const MOST_LEVELS = 64;

export interface Asked {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

interface Walk {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Asked["variables"];
  readonly limits: Readonly<Record<keyof Limits, number>>;
  fields: number;
  aliases: number;
  objects: number;
}

/**
 * Refuses a request that asks for more than `limits`; undefined = it may run. Looks at the document only and ends as soon as a
 * limit is passed, so a request made to be expensive costs nothing. `first` is read with the request's variables.
 */
export function overLimit(
  { document, operation, variables }: Asked,
  limits: Readonly<Record<keyof Limits, number>> = LIMITS,
): GraphQLError | undefined {
  const fragments = new Map(
    document.definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
  const walk: Walk = { fragments, variables, limits, fields: 0, aliases: 0, objects: 0 };
  return visit(walk, operation.selectionSet, { depth: 1, times: 1, levels: 0, isSchema: false });
}

interface Place {
  readonly depth: number;
  /** How often the selection may occur in the answer. */
  readonly times: number;
  /** Selections around it, fragments counted too. */
  readonly levels: number;
  /** Whether it is about the schema. */
  readonly isSchema: boolean;
}

function visit(walk: Walk, set: SelectionSetNode, place: Place): GraphQLError | undefined {
  if (place.levels > MOST_LEVELS) return tooMuch("depth", walk);
  for (const selection of set.selections) {
    const levels = place.levels + 1;
    const over =
      selection.kind === Kind.FIELD
        ? visitField(walk, selection, { ...place, levels })
        : visitFragment(walk, selection, { ...place, levels });
    if (over !== undefined) return over;
  }
  return undefined;
}

function visitFragment(
  walk: Walk,
  selection: Exclude<SelectionSetNode["selections"][number], FieldNode>,
  place: Place,
): GraphQLError | undefined {
  const set =
    selection.kind === Kind.INLINE_FRAGMENT
      ? selection.selectionSet
      : walk.fragments.get(selection.name.value)?.selectionSet;
  return set === undefined ? undefined : visit(walk, set, place);
}

function visitField(walk: Walk, field: FieldNode, place: Place): GraphQLError | undefined {
  walk.fields += 1;
  if (walk.fields > walk.limits.fields) return tooMuch("fields", walk);
  if (field.alias !== undefined) walk.aliases += 1;
  if (walk.aliases > walk.limits.aliases) return tooMuch("aliases", walk);
  if (field.selectionSet === undefined) return undefined;
  const isSchema =
    place.isSchema || field.name.value === "__schema" || field.name.value === "__type";
  const limit = isSchema ? "introspection" : "depth";
  if (place.depth > walk.limits[limit]) return tooMuch(limit, walk);
  const times = place.times * timesOf(walk, field);
  walk.objects += times;
  if (walk.objects > walk.limits.objects) return tooMuch("objects", walk);
  return visit(walk, field.selectionSet, { ...place, depth: place.depth + 1, times, isSchema });
}

/**
 * Fields that are lists by `first`, and the longest that the schema makes them where it is left out. `items` is not among
 * them: the page around it has counted.
 */
export const LISTS: ReadonlyMap<string, number> = new Map([
  ["people", 50],
  ["presence", 50],
  ["exceptions", 50],
  ["workdays", 31],
  ["leave", 20],
  ["payslips", 12],
]);

function timesOf({ variables }: Walk, field: FieldNode): number {
  const byDefault = LISTS.get(field.name.value);
  if (byDefault === undefined) return 1;
  const first = field.arguments?.find(({ name }) => name.value === "first")?.value;
  if (first?.kind === Kind.INT) return Math.max(1, Number(first.value));
  const given = first?.kind === Kind.VARIABLE ? variables[first.name.value] : undefined;
  return typeof given === "number" ? Math.max(1, given) : byDefault;
}

function tooMuch(what: keyof Limits, { limits }: Walk): GraphQLError {
  const message = `the request passes the limit of ${limits[what]} ${WORDS[what]}`;
  const extensions = { code: "graphql.too-much", limit: what, http: { status: 400 } };
  return new GraphQLError(message, { extensions });
}

const WORDS: Readonly<Record<keyof Limits, string>> = {
  depth: "levels of fields; ask in several requests",
  introspection: "levels of the schema",
  aliases: "aliases",
  fields: "fields",
  objects: "objects in the answer; lower `first`",
};
