import type { Principal } from "../../cloud/api/router.ts";
import { type Access, createAccess } from "../../cloud/identity/access.ts";
import { grantsOfKey } from "../../cloud/identity/key-grants.ts";
import { coversPerson, type Subject } from "../../cloud/identity/rights.ts";

/** Who a test calls as: what its grants are follows from the rest, as for a configured key, unless it says. */
export type Caller = Omit<Principal, "grants"> & Partial<Pick<Principal, "grants">>;

export const principalOf = (caller: Caller): Principal => ({
  ...caller,
  grants: grantsOfKey(caller),
});

/** Rights over the people that `everybody` names at the moment of the question: what EMPLOYEE's read model is elsewhere. */
export const accessTo = (
  everybody: () => Promise<readonly Subject[]> | readonly Subject[],
): Access =>
  createAccess({
    async personOf(employeeId) {
      return (await everybody()).find((person) => person.employeeId === employeeId);
    },
    async peopleIn(reach) {
      const found = (await everybody()).filter((person) => coversPerson(reach, person));
      return found.map(({ employeeId }) => employeeId);
    },
  });
