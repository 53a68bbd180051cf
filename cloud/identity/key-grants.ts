import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { z } from "zod";
import { ROLES, type Role } from "./permissions.ts";
import type { Grant } from "./rights.ts";

const places = z.array(tokenSchema).min(1).max(500).optional();

/** One line of `grants` in the configuration. */
export const grantSchema = z.strictObject({
  role: z.enum(ROLES).describe("What it may do; the table is in cloud/identity/permissions.ts"),
  sites: places.describe("Where it counts, for roles that are bound to places"),
  departments: places.describe("For whom it counts, for roles that are bound to places"),
  everywhere: z.boolean().optional().describe("True: for the whole company"),
});

/** A key as the configuration has it, as far as rights care. */
export interface KeyOfConfig {
  readonly scopes: readonly string[];
  readonly employeeId?: string | undefined;
  readonly roles: readonly string[];
  readonly grants?: readonly Grant[] | undefined;
}

/** Names in `roles` that were rights before there were grants. Others only say who may decide a step of an approval. */
const ROLES_BY_NAME: Readonly<Record<string, readonly Role[]>> = {
  hr: ["hr"],
  // Two keys of payroll have always approved each other's runs; that nobody approves their own is the run's rule.
  payroll: ["payroll", "pay-approver"],
};

/**
 * What a configured key may do. Its `grants` if it has any, also none (`[]`); a key without the setting gets what such a
 * key could do before there was one:
 *
 * | key | grants |
 * |---|---|
 * | scope `admin` | admin, and what follows from roles and person |
 * | roles `hr`, `payroll` | hr; payroll and pay-approver |
 * | `employeeId` | employee, and supervisor of who reports to them |
 * | none of these, scope `write` | hr, and viewer everywhere |
 * | none of these, scope `read` | viewer everywhere |
 *
 * The scopes stay the ceiling: a key with `read` alone changes nothing, whatever its grants.
 */
export function grantsOfKey({ scopes, employeeId, roles, grants }: KeyOfConfig): readonly Grant[] {
  if (grants !== undefined) return grants;
  const named: Grant[] = roles.flatMap((name) =>
    (ROLES_BY_NAME[name] ?? []).map((role) => ({ role })),
  );
  const own: Grant[] =
    employeeId === undefined ? [] : [{ role: "employee" }, { role: "supervisor" }];
  if (scopes.includes("admin")) return [{ role: "admin" }, ...named, ...own];
  if (named.length + own.length > 0) return [...named, ...own];
  const viewer: Grant = { role: "viewer", everywhere: true };
  return scopes.includes("write") ? [{ role: "hr" }, viewer] : [viewer];
}

/** What steps of approvals may call the holder: the key's roles, and those that its grants give in the whole company. */
export function namesOfKey({ roles, grants = [] }: KeyOfConfig): readonly string[] {
  const given = grants.filter(({ sites, departments }) => (sites ?? departments) === undefined);
  return [...new Set([...roles, ...given.map(({ role }) => role)])];
}
