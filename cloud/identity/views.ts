import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { z } from "@hono/zod-openapi";
import type { Account, IssuedKey } from "./accounts/state.ts";
import { PERMISSIONS, ROLES } from "./permissions.ts";
import { type Grant, type Holder, type Reach, reachOf } from "./rights.ts";

const places = z.array(tokenSchema).max(64);

export const grantViewSchema = z
  .strictObject({
    role: z.enum(ROLES),
    sites: places.optional().describe("Where it counts, for a role that is bound to places"),
    departments: places.optional(),
    everywhere: z.boolean().optional().describe("True: in the whole company"),
  })
  .meta({ id: "Grant" });

export const userSchema = z
  .object({
    userId: z.string(),
    displayName: z.string().nullable(),
    email: z.string().nullable().describe("Of the login; null also once the person was erased"),
    issuer: z.string().nullable(),
    subject: z.string().nullable().describe("Null: nobody has logged in to it yet"),
    employeeId: z.string().nullable(),
    grants: z.array(grantViewSchema),
    status: z.enum(["active", "disabled", "erased"]),
    version: z.int().describe("The ETag, too"),
  })
  .meta({ id: "User" });

export const apiKeySchema = z
  .object({
    keyId: z.string(),
    name: z.string(),
    scopes: z.array(z.enum(["read", "write", "admin"])),
    grants: z.array(grantViewSchema),
    employeeId: z.string().nullable().describe("The person it acts for"),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    lastUsedAt: z.iso.datetime().nullable().describe("To about five minutes"),
    revokedAt: z.iso.datetime().nullable(),
    version: z.int().describe("The ETag, too"),
  })
  .meta({ id: "ApiKey", description: "An API key; the key itself was shown once" });

export const reachSchema = z
  .object({
    kind: z.enum(["all", "some"]),
    sites: z.array(z.string()).optional(),
    departments: z.array(z.string()).optional(),
    self: z.boolean().optional().describe("What is about the caller"),
    reports: z.boolean().optional().describe("People whose manager the caller is"),
  })
  .meta({ id: "Reach" });

export const meSchema = z
  .object({
    name: z.string().describe("What stands in `by` and `requestedBy` of what the caller does"),
    displayName: z.string().nullable(),
    employeeId: z.string().nullable(),
    scopes: z.array(z.string()),
    grants: z.array(grantViewSchema),
    permissions: z.partialRecord(z.enum(PERMISSIONS), reachSchema),
  })
  .meta({ id: "Me" });

const instant = (at: number | null): string | null =>
  at === null ? null : new Date(at).toISOString();

export const grantView = ({
  role,
  sites,
  departments,
  everywhere,
}: Grant): z.output<typeof grantViewSchema> => ({
  role,
  ...(sites === undefined ? {} : { sites: [...sites] }),
  ...(departments === undefined ? {} : { departments: [...departments] }),
  ...(everywhere === undefined ? {} : { everywhere }),
});

export function userView(account: Account): z.output<typeof userSchema> {
  const { userId, displayName, email, issuer, subject, employeeId, status, version } = account;
  const grants = account.grants.map(grantView);
  return { userId, displayName, email, issuer, subject, employeeId, grants, status, version };
}

export function keyView(
  key: IssuedKey,
  lastUsedAt: number | undefined,
): z.output<typeof apiKeySchema> {
  return {
    keyId: key.keyId,
    name: key.name,
    scopes: [...key.scopes],
    grants: key.grants.map(grantView),
    employeeId: key.employeeId,
    createdAt: new Date(key.createdAt).toISOString(),
    expiresAt: instant(key.expiresAt),
    lastUsedAt: instant(lastUsedAt ?? null),
    revokedAt: instant(key.revokedAt),
    version: key.version,
  };
}

/** Every permission the holder has somewhere, and where. */
export function permissionsView(holder: Holder): z.output<typeof meSchema>["permissions"] {
  const found = PERMISSIONS.flatMap((permission) => {
    const reach = reachView(reachOf(holder, permission));
    return reach === undefined ? [] : [[permission, reach] as const];
  });
  return Object.fromEntries(found);
}

function reachView(reach: Reach): z.output<typeof reachSchema> | undefined {
  switch (reach.kind) {
    case "none":
      return undefined;
    case "all":
      return { kind: "all" };
    case "some":
      return {
        kind: "some",
        sites: [...reach.sites],
        departments: [...reach.departments],
        self: reach.self !== undefined,
        reports: reach.managerOf !== undefined,
      };
  }
}
