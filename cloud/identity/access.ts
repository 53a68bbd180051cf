import type { Permission } from "./permissions.ts";
import {
  coversCompany,
  coversPerson,
  coversSite,
  type Holder,
  type Reach,
  reachOf,
  type Subject,
} from "./rights.ts";

/** Who works where and for whom, as the read model of EMPLOYEE knows it at the moment of the call. */
export interface AccessSources {
  readonly personOf: (employeeId: string) => Promise<Subject | undefined>;
  /** Ids of everybody whom the reach covers, those who have left included. */
  readonly peopleIn: (reach: SomeReach) => Promise<readonly string[]>;
}

export type SomeReach = Extract<Reach, { kind: "some" }>;

/** What lists are cut down to: everything, or these people and what lies at these sites and in these departments. */
export type Visible =
  | { readonly kind: "all" }
  | {
      readonly kind: "some";
      readonly people: ReadonlySet<string>;
      readonly sites: ReadonlySet<string>;
      readonly departments: ReadonlySet<string>;
    };

/** What somebody may do by any of some permissions, for the length of one request: whom it covers is looked up once. */
export interface Rights {
  /** False: the holder has none of the permissions, nowhere. */
  readonly areAny: boolean;
  /** False for somebody unknown, unless the reach is everything: then the caller tells "unknown" apart by itself. */
  coversPerson(employeeId: string): Promise<boolean>;
  /** Whether all of them are covered; false for none. */
  coversPeople(employeeIds: readonly string[]): Promise<boolean>;
  /** Somebody who is not entered yet, or as they would be after a change. */
  coversSubject(subject: Subject): boolean;
  coversSite(site: string): boolean;
  coversDepartment(departmentId: string): boolean;
  coversCompany(): boolean;
  visible(): Promise<Visible>;
}

/**
 * The one place where it is decided who may do what to whom, whatever the face: HTTP, GraphQL, gRPC, live events. Outside
 * of the reach means "there is no such thing"; no reach at all means "you may not".
 */
export interface Access {
  reach(holder: Holder, permission: Permission): Reach;
  maySeePerson(holder: Holder, permission: Permission, employeeId: string): Promise<boolean>;
  visible(holder: Holder, permission: Permission): Promise<Visible>;
  /** All of the above for one request, by any of the permissions. */
  rights(holder: Holder, permissions: readonly Permission[]): Rights;
}

export function createAccess(sources: AccessSources): Access {
  const rights = (holder: Holder, permissions: readonly Permission[]): Rights =>
    createRights(
      sources,
      permissions.map((permission) => reachOf(holder, permission)),
    );
  return {
    reach: reachOf,
    maySeePerson: (holder, permission, employeeId) =>
      rights(holder, [permission]).coversPerson(employeeId),
    visible: (holder, permission) => rights(holder, [permission]).visible(),
    rights,
  };
}

/** Where there are no people yet: everybody reaches what needs no look at them. */
export const accessToNobody = (): Access =>
  createAccess({ personOf: async () => undefined, peopleIn: async () => [] });

function createRights({ personOf, peopleIn }: AccessSources, reaches: readonly Reach[]): Rights {
  const limited = reaches.filter((reach) => reach.kind === "some");
  const isForAll = reaches.some(coversCompany);
  let seen: Promise<Visible> | undefined;

  async function coversOne(employeeId: string): Promise<boolean> {
    // Oneself without a look: who was entered a moment ago may not be in the read model yet.
    if (isForAll || limited.some(({ self }) => self === employeeId)) return true;
    if (limited.every(isOnlySelf)) return false;
    const person = await personOf(employeeId);
    return person !== undefined && limited.some((reach) => coversPerson(reach, person));
  }

  async function look(): Promise<Visible> {
    if (isForAll) return { kind: "all" };
    const found = await Promise.all(limited.map((reach) => whomOf(peopleIn, reach)));
    return {
      kind: "some",
      people: new Set(found.flat()),
      sites: new Set(limited.flatMap(({ sites }) => [...sites])),
      departments: new Set(limited.flatMap(({ departments }) => [...departments])),
    };
  }

  return {
    areAny: isForAll || limited.length > 0,
    coversPerson: coversOne,
    async coversPeople(employeeIds) {
      for (const id of new Set(employeeIds)) if (!(await coversOne(id))) return false;
      return employeeIds.length > 0;
    },
    coversSubject: (subject) => isForAll || limited.some((reach) => coversPerson(reach, subject)),
    coversSite: (site) => isForAll || limited.some((reach) => coversSite(reach, site)),
    coversDepartment: (id) => isForAll || limited.some(({ departments }) => departments.has(id)),
    coversCompany: () => isForAll,
    visible() {
      seen ??= look();
      return seen;
    },
  };
}

async function whomOf(
  peopleIn: AccessSources["peopleIn"],
  reach: SomeReach,
): Promise<readonly string[]> {
  const own = reach.self === undefined ? [] : [reach.self];
  return isOnlySelf(reach) ? own : [...own, ...(await peopleIn(reach))];
}

const isOnlySelf = ({ sites, departments, managerOf }: SomeReach): boolean =>
  sites.size + departments.size === 0 && managerOf === undefined;
