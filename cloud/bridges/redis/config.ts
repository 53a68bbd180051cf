import { z } from "zod";

const address = z
  .string()
  .regex(
    /^rediss?:\/\/[^@\s/?#]+(:\d{1,5})?(\/\d{1,3})?$/,
    "use redis://host:port or rediss://host:port",
  )
  .describe("redis://host:port, or rediss://host:port for TLS; user and password stand elsewhere");
const file = (what: string) => z.string().min(1).describe(`${what}; relative to this file`);
const entries = z.int().min(100).max(1_000_000_000);

/** Entries that a Redis stream keeps, about. A reader that is further behind misses what was trimmed. */
const maxEntriesSchema = z.strictObject({
  attendance: entries.default(1_000_000),
  notifications: entries.default(1_000_000),
  audit: entries.default(1_000_000),
  alerts: entries.default(100_000),
  reports: entries.default(100_000),
});
export type MaxEntries = z.output<typeof maxEntriesSchema>;

export const redisConfigSchema = z
  .strictObject({
    url: address.optional(),
    nodes: z
      .array(address)
      .min(1)
      .max(64)
      .optional()
      .describe("Instead of url: some nodes of a Redis Cluster, which name the others"),
    user: z.string().min(1).max(128).optional().describe("Left out: Redis's user `default`"),
    passwordFile: file("File with the password").optional(),
    tls: z
      .strictObject({
        caFile: file("Certificates that the server's is checked against, PEM").optional(),
      })
      .prefault({})
      .describe("Without caFile: what Node.js trusts"),
    keyPrefix: z
      .string()
      .max(64)
      .regex(/^[^{}\s]*$/, "braces would decide the hash slot; use none, and no blanks")
      .default("")
      .describe("In front of every key, such as acme: for one of several tenants on a server"),
    maxEntries: maxEntriesSchema
      .prefault({})
      .describe("Entries kept per stream, about (MAXLEN ~); older ones go as new ones come"),
    assumeSafe: z
      .boolean()
      .default(false)
      .describe(
        "Go on where the server does not tell whether it evicts keys (some managed services)",
      ),
  })
  .refine(({ url, nodes }) => (url === undefined) !== (nodes === undefined), {
    error: "name either url or nodes",
  })
  .refine(({ url, nodes = [] }) => new Set([url, ...nodes].flatMap(schemeOf)).size === 1, {
    error: "all nodes with TLS or all without",
  });
export type RedisConfig = z.output<typeof redisConfigSchema>;

function schemeOf(url: string | undefined): string[] {
  return url === undefined ? [] : [url.slice(0, url.indexOf(":"))];
}

/** The same with absolute paths. */
export function withAbsolutePaths(
  config: RedisConfig,
  absolute: (path: string) => string,
): RedisConfig {
  const { passwordFile, tls } = config;
  return {
    ...config,
    ...(passwordFile === undefined ? {} : { passwordFile: absolute(passwordFile) }),
    tls: tls.caFile === undefined ? {} : { caFile: absolute(tls.caFile) },
  };
}
