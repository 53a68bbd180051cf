import type { About } from "@clockleaf/shared/events/workflow.ts";
import type { Rights } from "../identity/access.ts";
import { approversOf, type DecidingPrincipal, peopleIn, type Request } from "./decider.ts";

/** By what permission each kind of request is seen and decided: pay by nothing that is about time. */
export interface RequestRights {
  readonly readsTime: Rights;
  readonly readsLeave: Rights;
  readonly readsPay: Rights;
  readonly approvesTime: Rights;
  readonly approvesPay: Rights;
}

/** Whether a request is there for somebody: what it is about lies within reach, or they have to do with it. */
export async function maySee(
  request: Request,
  by: DecidingPrincipal,
  rights: RequestRights,
): Promise<boolean> {
  return isParty(request, by) || (await coversAbout(request.opened.about, rights));
}

async function coversAbout(about: About, rights: RequestRights): Promise<boolean> {
  switch (about.kind) {
    case "overtime":
    case "correction":
      return await rights.readsTime.coversPeople(peopleIn(about));
    case "leave":
      return await rights.readsLeave.coversPeople(peopleIn(about));
    case "pay-run":
      return rights.readsPay.coversCompany();
  }
}

/** Who asked, who may decide now in their own place or another's, who has decided, and whom it is about. */
function isParty(request: Request, by: DecidingPrincipal): boolean {
  const { opened, decisions } = request;
  const isCaller = (id: string | null): boolean => id !== null && id === by.employeeId;
  return (
    opened.requestedBy === by.name ||
    [opened.requesterId, opened.requestedBy, ...peopleIn(opened.about)].some(isCaller) ||
    by.actsFor.length > 0 ||
    approversOf(request).some((each) =>
      each.kind === "role" ? by.roles.includes(each.role) : isCaller(each.employeeId),
    ) ||
    decisions.some((each) => each.by === by.name || isCaller(each.byEmployeeId))
  );
}

/** Whether the permission that decides requests of this kind is there at all; whose turn it is, the decider knows. */
export function mayDecideKind(kind: About["kind"], rights: RequestRights): boolean {
  return kind === "pay-run" ? rights.approvesPay.coversCompany() : rights.approvesTime.areAny;
}

/**
 * The names that somebody may decide under. A step for a role is open to who has it for the people concerned; who is named
 * as a person, such as their manager, needs no more than that.
 */
export async function rolesFor(
  { opened: { about } }: Request,
  roles: readonly string[],
  { approvesTime }: RequestRights,
): Promise<readonly string[]> {
  const counts = about.kind === "pay-run" || (await approvesTime.coversPeople(peopleIn(about)));
  return counts ? roles : [];
}
