import { durationSchema } from "@clockleaf/shared/worktime/rule-parts.ts";
import { z } from "zod";

const file = (what: string) => z.string().min(1).describe(`${what}; relative to this file`);

/** Any registry that speaks Confluent's API: Confluent's own, Apicurio (its path is /apis/ccompat/v7), Karapace. */
export const registryConfigSchema = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .refine((url) => new URL(url).username === "" && new URL(url).password === "", {
        error: "takes no password: use user and passwordFile",
      })
      .describe("Where the API begins, such as https://registry.example.org/apis/ccompat/v7"),
    user: z
      .string()
      .min(1)
      .max(128)
      .regex(/^[^:]*$/, "holds no colon")
      .optional()
      .describe("For basic authentication; left out, none"),
    passwordFile: file("File with the user's password").optional(),
    caFile: file("Certificates to trust in place of the system's, PEM").optional(),
    timeout: durationSchema
      .pipe(z.int().min(1))
      .prefault("10s")
      .describe("Longest time for one request"),
  })
  .refine(({ user, passwordFile }) => (user === undefined) === (passwordFile === undefined), {
    error: "user and passwordFile belong together",
    path: ["user"],
  });
export type RegistryConfig = z.output<typeof registryConfigSchema>;

/** The same with absolute paths. */
export function withAbsolutePaths(
  config: RegistryConfig,
  absolute: (path: string) => string,
): RegistryConfig {
  const { passwordFile, caFile } = config;
  return {
    ...config,
    ...(passwordFile === undefined ? {} : { passwordFile: absolute(passwordFile) }),
    ...(caFile === undefined ? {} : { caFile: absolute(caFile) }),
  };
}
