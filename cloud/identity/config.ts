import { z } from "zod";

/** Signatures that only the provider can make. `none` and HS…, for which a public key would be a secret, cannot be named. */
export const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
] as const;

const LOOPBACK = new Set(["127.0.0.1", "[::1]", "localhost"]);

const issuerSchema = z
  .url({ protocol: /^https?$/ })
  .max(512)
  .refine((text) => {
    const { protocol, hostname } = new URL(text);
    return protocol === "https:" || LOOPBACK.has(hostname);
  }, "use https; http is taken on this machine's own address only");

const claim = z.string().min(1).max(128);

export const oidcConfigSchema = z.strictObject({
  issuer: issuerSchema.describe(
    "The provider, exactly as it names itself; /.well-known/openid-configuration is below it",
  ),
  audience: z
    .union([z.string().min(1).max(256), z.array(z.string().min(1).max(256)).min(1).max(8)])
    .describe("Whom bearer tokens must be meant for: the name of this API at the provider"),
  algorithms: z
    .array(z.enum(ALGORITHMS))
    .min(1)
    .default(["RS256", "ES256", "EdDSA"])
    .describe("Signatures that are taken"),
  clientId: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe("For logins with a browser; left out, only bearer tokens are taken"),
  clientSecretFile: z
    .string()
    .min(1)
    .optional()
    .describe("File with the client's secret; left out for a public client. Relative to this file"),
  scopes: z
    .array(claim)
    .min(1)
    .default(["openid", "email", "profile"])
    .describe("What a login with a browser asks for"),
  claims: z
    .strictObject({
      employeeId: claim.optional().describe("Claim with the person's id, for new accounts"),
      roles: claim
        .optional()
        .describe("Claim with names of our roles, which then hold besides the account's own"),
    })
    .prefault({}),
  areEmailsVerified: z
    .boolean()
    .default(false)
    .describe(
      "True: e-mail claims count without email_verified. Only where nobody but the company sets addresses",
    ),
  autoProvision: z
    .boolean()
    .default(false)
    .describe(
      "Whether somebody unknown gets an account with the role employee; needs claims.employeeId",
    ),
  maxTokenAgeSeconds: z
    .int()
    .min(60)
    .max(7 * 86_400)
    .default(86_400)
    .describe("Bearer tokens made longer ago are refused, whatever they say"),
});
export type OidcConfig = z.output<typeof oidcConfigSchema>;

export const identityConfigSchema = z.strictObject({
  oidc: oidcConfigSchema
    .optional()
    .describe("OpenID Connect: logins of people, tokens of machines"),
  failedLogins: z
    .strictObject({
      perAddress: z.int().min(1).max(10_000).default(10).describe("Failures from one address"),
      perAccount: z
        .int()
        .min(1)
        .max(10_000)
        .default(20)
        .describe("Failures for one key or account"),
      windowSeconds: z
        .int()
        .min(1)
        .max(86_400)
        .default(60)
        .describe("Time in which they come back"),
    })
    .prefault({})
    .describe("How many logins may fail before the next ones have to wait"),
});
export type IdentityConfig = z.output<typeof identityConfigSchema>;

/** What is wrong between the settings, for people; undefined if nothing is. */
export function faultOfIdentity(
  { oidc }: IdentityConfig,
  publicUrl: string | undefined,
): string | undefined {
  if (oidc === undefined) return undefined;
  if (oidc.clientId !== undefined && publicUrl === undefined) {
    return "identity.oidc.clientId: logins need http.publicUrl, to which the provider sends people back";
  }
  if (oidc.clientId === undefined && oidc.clientSecretFile !== undefined) {
    return "identity.oidc.clientSecretFile: there is no clientId that it belongs to";
  }
  if (oidc.autoProvision && oidc.claims.employeeId === undefined) {
    return "identity.oidc.autoProvision: needs claims.employeeId, or nobody would be anybody";
  }
  return undefined;
}

export function withAbsoluteSecret(
  config: IdentityConfig,
  absolute: (path: string) => string,
): IdentityConfig {
  const { oidc } = config;
  if (oidc?.clientSecretFile === undefined) return config;
  return { ...config, oidc: { ...oidc, clientSecretFile: absolute(oidc.clientSecretFile) } };
}
