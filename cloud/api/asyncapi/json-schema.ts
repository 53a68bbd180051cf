import { z } from "zod";

/** As much of a JSON Schema as is written here. */
export type Schema = Readonly<Record<string, unknown>>;

/** What may be sent, in the JSON Schema that AsyncAPI 3 takes without further ado. */
export function schemaOf(schema: z.ZodType): Schema {
  const { $schema: _draft, ...written } = z.toJSONSchema(schema, {
    target: "draft-7",
    io: "input",
    // zod writes both; the pattern is long and says nothing more.
    override: ({ jsonSchema }) => {
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
    },
  });
  return written;
}
