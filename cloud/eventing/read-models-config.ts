import { z } from "zod";

const hasNoPassword = (url: string): boolean => {
  try {
    return new URL(url).password === "";
  } catch {
    return false;
  }
};

const sqliteSchema = z.strictObject({ kind: z.literal("sqlite") });

const postgresSchema = z
  .strictObject({
    kind: z.literal("postgres"),
    url: z
      .string()
      .regex(/^postgres(?:ql)?:\/\/\S+$/, "use postgres://user@host:port/database")
      .refine(hasNoPassword, "put a URL with a password into a file and name that in urlFile")
      .optional()
      .describe("postgres://user@host:port/database, without a password"),
    urlFile: z
      .string()
      .min(1)
      .optional()
      .describe("File with such a URL, where it holds a password; relative to this file"),
    schema: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,30}$/, "use up to 31 of a-z 0-9 _, beginning with a letter")
      .default("clockleaf")
      .describe("Beginning of the names of the schemas; each tenant of a database needs its own"),
  })
  .refine(({ url, urlFile }) => (url === undefined) !== (urlFile === undefined), {
    error: "name either url or urlFile",
  });

/** Where read models are kept. */
export const readModelsSchema = z
  .discriminatedUnion("kind", [sqliteSchema, postgresSchema])
  .prefault({ kind: "sqlite" })
  .describe(
    "sqlite: files below dataDir, one set for each process. postgres: a database that all processes share",
  );
export type ReadModelsConfig = z.output<typeof readModelsSchema>;
