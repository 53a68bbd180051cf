import type { Approver, Step } from "@clockleaf/shared/events/workflow.ts";
import type { ApproverRule, Chain } from "./config.ts";

/** Where somebody stands: all that approval must know of a person. */
export interface Person {
  readonly employeeId: string;
  readonly managerId: string | null;
  readonly isActive: boolean;
}

export interface Circumstances {
  /** In the unit of the chain. */
  readonly size: number;
  /** Whom it is about: they decide nothing, and their managers are asked. */
  readonly people: readonly string[];
  /** Who asked, under every name they go by: decides nothing either. */
  readonly requesters: readonly string[];
  /** Those people, their managers and the managers of these. */
  readonly hierarchy: ReadonlyMap<string, Person>;
  readonly fallbackRole: string;
  readonly at: number;
}

/**
 * The steps of a request as they are when it is opened; none = the rules approve it at once. Somebody who has left, who asked
 * for it or whom it is about is passed over; where that leaves nobody, it is for whom it would be escalated to, and where
 * there is nobody either, for the fallback role: no request waits for nobody.
 */
export function stepsFor(chain: Chain, given: Circumstances): Step[] {
  const { size, fallbackRole, at } = given;
  if (chain.approveUpTo > 0 && size <= chain.approveUpTo) return [];
  const fallback: readonly Approver[] = [{ kind: "role", role: fallbackRole }];
  return chain.steps
    .filter(({ whenMoreThan }) => whenMoreThan === undefined || size > whenMoreThan)
    .map((rule, index) => {
      const named = resolve(rule.approvers, given);
      const escalation = orElse(resolve(rule.escalateTo ?? [], given), fallback);
      const approvers = orElse(named, escalation);
      const escalateTo = orElse(without(escalation, approvers), without(fallback, approvers));
      // What can be escalated to nobody is never due.
      const { dueAfter } = rule;
      const dueAfterMs = dueAfter === undefined || escalateTo.length === 0 ? null : dueAfter * 1000;
      return {
        approvers: [...approvers],
        dueAt: index === 0 && dueAfterMs !== null ? at + dueAfterMs : null,
        dueAfterMs,
        escalateTo,
      };
    });
}

function orElse<T>(some: readonly T[], others: readonly T[]): T[] {
  return some.length > 0 ? [...some] : [...others];
}

const keyOf = (each: Approver): string => JSON.stringify(each);

function without(some: readonly Approver[], others: readonly Approver[]): Approver[] {
  const known = new Set(others.map(keyOf));
  return some.filter((each) => !known.has(keyOf(each)));
}

function resolve(rules: readonly ApproverRule[], given: Circumstances): Approver[] {
  const { people, requesters, hierarchy } = given;
  const found = rules.flatMap((rule): readonly Approver[] => {
    if (rule === "manager") return employeeOrNobody(managerOf(people, hierarchy));
    if (rule === "manager-of-manager") {
      const manager = managerOf(people, hierarchy);
      return employeeOrNobody(manager === null ? null : managerOf([manager], hierarchy));
    }
    if ("role" in rule) return [{ kind: "role", role: rule.role }];
    return employeeOrNobody(rule.employee);
  });
  const able = found.filter(
    (each) =>
      each.kind === "role" ||
      (!people.includes(each.employeeId) &&
        !requesters.includes(each.employeeId) &&
        // Somebody named in the configuration is not looked up.
        hierarchy.get(each.employeeId)?.isActive !== false),
  );
  return [...new Map(able.map((each) => [keyOf(each), each])).values()];
}

const employeeOrNobody = (employeeId: string | null): readonly Approver[] =>
  employeeId === null ? [] : [{ kind: "employee", employeeId }];

/** The manager that all the people have in common; null = there is none. */
function managerOf(
  people: readonly string[],
  hierarchy: ReadonlyMap<string, Person>,
): string | null {
  const managers = new Set(people.map((id) => hierarchy.get(id)?.managerId ?? null));
  const [only = null] = managers;
  return managers.size === 1 ? only : null;
}
