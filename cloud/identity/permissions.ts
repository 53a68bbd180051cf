/**
 * What somebody may do, as routes ask for it. A permission says nothing of whom or what it is about: that is a reach.
 * `time.override` goes into what is locked and takes back what others asked for; `documents.read` is of attachments, what
 * tells of pay is `pay.read`; `reports.oversee` sees what others had reported.
 */
export const PERMISSIONS = [
  "people.read",
  "people.write",
  "people.erase",
  "time.read",
  "time.correct",
  "time.approve",
  "time.override",
  "quarantine.resolve",
  "leave.read",
  "leave.request",
  "leave.adjust",
  "pay.read",
  "pay.prepare",
  "pay.approve",
  "documents.read",
  "documents.store",
  "reports.request",
  "reports.oversee",
  "messages.read",
  "messages.choose",
  "messages.manage",
  "fleet.read",
  "fleet.manage",
  "rules.read",
  "rules.manage",
  "audit.read",
  "platform.read",
  "platform.manage",
  "identity.manage",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export const ROLES = [
  "viewer",
  "employee",
  "supervisor",
  "site-manager",
  "hr",
  "payroll",
  "pay-approver",
  "admin",
  "auditor",
] as const;
export type Role = (typeof ROLES)[number];

/**
 * `all` = everything of the company; `scope` = people and things of the sites and departments that the grant names, or, if
 * it names none, the people who report to the holder; `self` = what is about the holder.
 */
export type ReachKind = "all" | "scope" | "self";

type Grants = Partial<Record<Permission, ReachKind>>;

const every = (reach: ReachKind, ...permissions: Permission[]): Grants =>
  Object.fromEntries(permissions.map((permission) => [permission, reach]));

/** What each role may do. Time and pay are approved by different roles on purpose, and nobody who prepares pay approves it. */
export const ROLE_GRANTS: Readonly<Record<Role, Grants>> = {
  viewer: every("scope", "people.read", "time.read", "leave.read", "fleet.read", "rules.read"),
  employee: every(
    "self",
    "people.read",
    "time.read",
    "time.correct",
    "leave.read",
    "leave.request",
    "pay.read",
    "documents.read",
    "documents.store",
    "reports.request",
    "messages.read",
    "messages.choose",
  ),
  supervisor: every(
    "scope",
    "people.read",
    "time.read",
    "time.correct",
    "time.approve",
    "leave.read",
    "leave.request",
    "reports.request",
    "rules.read",
  ),
  "site-manager": every(
    "scope",
    "people.read",
    "people.write",
    "time.read",
    "time.correct",
    "time.approve",
    "quarantine.resolve",
    "leave.read",
    "leave.request",
    "leave.adjust",
    "documents.read",
    "documents.store",
    "reports.request",
    "fleet.read",
    "rules.read",
  ),
  hr: every(
    "all",
    "people.read",
    "people.write",
    "time.read",
    "time.correct",
    "time.approve",
    "quarantine.resolve",
    "leave.read",
    "leave.request",
    "leave.adjust",
    "documents.read",
    "documents.store",
    "reports.request",
    "messages.read",
    "messages.choose",
    "messages.manage",
    "rules.read",
  ),
  payroll: every(
    "all",
    "people.read",
    "time.read",
    "leave.read",
    "pay.read",
    "pay.prepare",
    "reports.request",
    "rules.read",
  ),
  "pay-approver": every("all", "people.read", "time.read", "leave.read", "pay.read", "pay.approve"),
  // What approves pay is left out: who trusts gateways and keys does not also let money go.
  admin: every("all", ...PERMISSIONS.filter((permission) => permission !== "pay.approve")),
  auditor: every(
    "all",
    "people.read",
    "time.read",
    "leave.read",
    "pay.read",
    "documents.read",
    "messages.read",
    "fleet.read",
    "rules.read",
    "audit.read",
    "platform.read",
  ),
};
