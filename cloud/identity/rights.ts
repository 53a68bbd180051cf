import { type Permission, ROLE_GRANTS, type Role } from "./permissions.ts";

/** A role, and where it counts. Without sites and departments a role that is bound to them counts for direct reports. */
export interface Grant {
  readonly role: Role;
  /** Left out: nowhere in particular. */
  readonly sites?: readonly string[] | undefined;
  readonly departments?: readonly string[] | undefined;
  /** True: everywhere, for a role that would otherwise be bound to sites and departments. */
  readonly everywhere?: boolean | undefined;
}

/** Somebody, as far as rights care. */
export interface Holder {
  readonly grants: readonly Grant[];
  /** The person behind the account, if any. */
  readonly employeeId?: string | undefined;
}

/** A person as rights see them; null where nothing is known. */
export interface Subject {
  readonly employeeId: string;
  readonly departmentId: string | null;
  readonly managerId: string | null;
  readonly siteIds: readonly string[];
}

/**
 * How far a permission goes. `none`: the holder has it nowhere. `some`: whoever matches any of the lists; `self` and
 * `managerOf` name the holder's own record and who reports to them.
 */
export type Reach =
  | { readonly kind: "none" }
  | { readonly kind: "all" }
  | {
      readonly kind: "some";
      readonly sites: ReadonlySet<string>;
      readonly departments: ReadonlySet<string>;
      readonly self: string | undefined;
      readonly managerOf: string | undefined;
    };

const NONE: Reach = { kind: "none" };
const ALL: Reach = { kind: "all" };

/** All that the holder's grants allow for one permission, taken together. */
export function reachOf(holder: Holder, permission: Permission): Reach {
  const { employeeId } = holder;
  const sites = new Set<string>();
  const departments = new Set<string>();
  let self: string | undefined;
  let managerOf: string | undefined;
  for (const grant of holder.grants) {
    const kind = ROLE_GRANTS[grant.role][permission];
    if (kind === undefined) continue;
    if (kind === "all" || (kind === "scope" && grant.everywhere === true)) return ALL;
    if (kind === "self") self = employeeId;
    else if (isUnbound(grant)) managerOf = employeeId;
    for (const site of kind === "scope" ? (grant.sites ?? []) : []) sites.add(site);
    for (const one of kind === "scope" ? (grant.departments ?? []) : []) departments.add(one);
  }
  const isNothing = sites.size + departments.size === 0 && (self ?? managerOf) === undefined;
  return isNothing ? NONE : { kind: "some", sites, departments, self, managerOf };
}

const isUnbound = ({ sites = [], departments = [] }: Grant): boolean =>
  sites.length + departments.length === 0;

export function coversPerson(reach: Reach, person: Subject): boolean {
  if (reach.kind !== "some") return reach.kind === "all";
  const { employeeId, departmentId, managerId, siteIds } = person;
  return (
    (reach.self !== undefined && reach.self === employeeId) ||
    (reach.managerOf !== undefined && reach.managerOf === managerId) ||
    (departmentId !== null && reach.departments.has(departmentId)) ||
    siteIds.some((site) => reach.sites.has(site))
  );
}

/** Of things that belong to a place: gateways, completeness, alarms, quarantined punches. */
export function coversSite(reach: Reach, site: string): boolean {
  return reach.kind === "some" ? reach.sites.has(site) : reach.kind === "all";
}

/** Of things that are nobody's in particular: rule books, pay runs, keys, streams. */
export const coversCompany = (reach: Reach): boolean => reach.kind === "all";
