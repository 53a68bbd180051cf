/** A piece of JSON Schema that demands a member; put into `oneOf` or `anyOf` of a schema's `meta`, it says which go together. */
export interface Needs {
  readonly required: readonly [string];
  readonly properties: Readonly<Record<string, object>>;
}

/** `rule` = what the member has to be besides what the schema says of it. */
export const needs = (name: string, rule: object = {}): Needs => ({
  required: [name],
  properties: { [name]: rule },
});
