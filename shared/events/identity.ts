import { z } from "zod";
import { tokenSchema } from "../subjects.ts";
import { defineEvent, type EventOf } from "./envelope.ts";
import { secret } from "./secrets.ts";

const instant = z.int().min(0).describe("UTC milliseconds");
const by = z.string().max(128).describe("Name of the principal that asked for it");
const sha256 = secret(
  z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe("SHA-256 of the whole key: 256 random bits, so nobody turns it round"),
);

/** A role and where it counts. A role that a reader does not know gives nothing. */
export const grantSchema = z.object({
  role: tokenSchema,
  sites: z.array(tokenSchema).max(64).optional(),
  departments: z.array(tokenSchema).max(64).optional(),
  everywhere: z.boolean().optional(),
});
export type GrantData = z.output<typeof grantSchema>;

const grants = z.array(grantSchema).max(32);

/** How an account is known to the provider of logins: by issuer and subject once bound, until then by a verified address. */
const loginShape = {
  displayName: z.string().max(120).nullable(),
  email: z.email().max(254).nullable(),
  issuer: z.string().max(512).nullable(),
  subject: z.string().max(256).nullable(),
};
/** Sealed under the person's key where the account has one; in the clear for accounts of nobody on the payroll. */
const personal = { displayName: null, email: null, subject: null } as const;

export const accountCreated = defineEvent({
  type: "identity.account.created",
  domain: "identity",
  name: "AccountCreated",
  version: "1.0",
  data: z.object({
    userId: tokenSchema,
    employeeId: tokenSchema.nullable(),
    ...loginShape,
    grants,
    by,
    at: instant,
  }),
  personal,
});
export const accountChanged = defineEvent({
  type: "identity.account.changed",
  domain: "identity",
  name: "AccountChanged",
  version: "1.0",
  data: z
    .object({
      userId: tokenSchema,
      employeeId: tokenSchema.nullable(),
      ...loginShape,
      by,
      at: instant,
    })
    .describe("All but the grants as they are after the change"),
  personal,
});
export const accountBound = defineEvent({
  type: "identity.account.bound",
  domain: "identity",
  name: "AccountBound",
  version: "1.0",
  data: z.object({
    userId: tokenSchema,
    employeeId: tokenSchema.nullable(),
    issuer: z.string().max(512),
    subject: z.string().max(256).nullable(),
    at: instant,
  }),
  personal: { subject: null },
});
export const accountGrantsSet = defineEvent({
  type: "identity.account.grants-set",
  domain: "identity",
  name: "AccountGrantsSet",
  version: "1.0",
  data: z.object({ userId: tokenSchema, grants, by, at: instant }),
});
export const accountDisabled = defineEvent({
  type: "identity.account.disabled",
  domain: "identity",
  name: "AccountDisabled",
  version: "1.0",
  data: z.object({ userId: tokenSchema, by, at: instant }),
});
export const accountEnabled = defineEvent({
  type: "identity.account.enabled",
  domain: "identity",
  name: "AccountEnabled",
  version: "1.0",
  data: z.object({ userId: tokenSchema, by, at: instant }),
});
export const accountErased = defineEvent({
  type: "identity.account.erased",
  domain: "identity",
  name: "AccountErased",
  version: "1.0",
  data: z.object({ userId: tokenSchema, by, at: instant }),
});

export const keyIssued = defineEvent({
  type: "identity.key.issued",
  domain: "identity",
  name: "KeyIssued",
  version: "1.0",
  data: z.object({
    keyId: tokenSchema,
    name: z.string().max(64),
    sha256,
    scopes: z.array(z.enum(["read", "write", "admin"])).max(3),
    grants,
    /** The person that the key acts for. */
    actsFor: tokenSchema.nullable(),
    expiresAt: instant.nullable(),
    by,
    at: instant,
  }),
});
export const keyRotated = defineEvent({
  type: "identity.key.rotated",
  domain: "identity",
  name: "KeyRotated",
  version: "1.0",
  data: z.object({
    keyId: tokenSchema,
    sha256,
    formerUntil: instant.describe(
      "Until when the key before still opens; not after `at` = no more",
    ),
    by,
    at: instant,
  }),
});
export const keyRevoked = defineEvent({
  type: "identity.key.revoked",
  domain: "identity",
  name: "KeyRevoked",
  version: "1.0",
  data: z.object({ keyId: tokenSchema, by, at: instant }),
});

export type IdentityEvent =
  | EventOf<typeof accountCreated>
  | EventOf<typeof accountChanged>
  | EventOf<typeof accountBound>
  | EventOf<typeof accountGrantsSet>
  | EventOf<typeof accountDisabled>
  | EventOf<typeof accountEnabled>
  | EventOf<typeof accountErased>
  | EventOf<typeof keyIssued>
  | EventOf<typeof keyRotated>
  | EventOf<typeof keyRevoked>;
