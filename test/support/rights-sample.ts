import type { Permission } from "../../cloud/identity/permissions.ts";
import type { Company } from "./rights-company.ts";
import { type Asked, type ObjectName, PLACES } from "./rights-world.ts";

/** What the matrix expects of a caller and an object; `can` knows nothing but the table of roles. */
export type Verdict = "allowed" | "forbidden" | "absent";
export interface Can {
  /** Has any of the permissions somewhere. */
  some(...permissions: Permission[]): boolean;
  /** Has any of them everywhere. */
  all(...permissions: Permission[]): boolean;
  /** Any of them covers the person. */
  person(...permissions: Permission[]): boolean;
  site(...permissions: Permission[]): boolean;
  department(...permissions: Permission[]): boolean;
}

/** How one operation is asked about one object, and what rights it takes. Written down a second time on purpose. */
export interface Sample {
  readonly ask: (object: ObjectName, company: Company) => Asked;
  readonly expect: (can: Can, object: ObjectName) => Verdict;
  /** Of lists and of answers with several results: whether the object is among what is shown. */
  readonly shows?: (body: string, object: ObjectName, company: Company) => boolean;
}

export type Expect = Sample["expect"];
export type Ask = Sample["ask"];

export const within = (some: boolean, isCovered: boolean): Verdict =>
  some ? (isCovered ? "allowed" : "absent") : "forbidden";
export const aboutPerson =
  (...needed: Permission[]): Expect =>
  (can) =>
    within(can.some(...needed), can.person(...needed));
export const atSite =
  (...needed: Permission[]): Expect =>
  (can) =>
    within(can.some(...needed), can.site(...needed));
export const ofCompany =
  (needed: Permission): Expect =>
  (can) =>
    can.all(needed) ? "allowed" : "forbidden";
export const anywhere =
  (needed: Permission): Expect =>
  (can) =>
    can.some(needed) ? "allowed" : "forbidden";
export const always: Expect = () => "allowed";

export const get =
  (path: (object: ObjectName, company: Company) => string): Ask =>
  (object, company) => ({ method: "GET", path: path(object, company) });
export type PathOf = (object: ObjectName, company: Company) => string;
export type BodyOf = (object: ObjectName, company: Company) => object;
export const send =
  (
    method: string,
    path: PathOf,
    more: { body?: BodyOf; headers?: Record<string, string> } = {},
  ): Ask =>
  (object, ids) => ({
    method,
    path: path(object, ids),
    body: more.body?.(object, ids),
    headers: more.headers,
  });
export const post = (path: PathOf, body?: BodyOf): Ask =>
  send("POST", path, body === undefined ? {} : { body });

export const p = (object: ObjectName): string => PLACES[object].person;
export const s = (object: ObjectName): string => PLACES[object].site;
export const quoted = (body: string, value: string): boolean => body.includes(`"${value}"`);
export const showsPerson: NonNullable<Sample["shows"]> = (body, object) => quoted(body, p(object));
export const shows =
  (id: (object: ObjectName, company: Company) => string): NonNullable<Sample["shows"]> =>
  (body, object, company) =>
    quoted(body, id(object, company));
/** The guard answers before the body is looked at: an empty one shows that, and changes nothing. */
export const nothing = (): object => ({});
export const person = (
  needed: Permission,
  path: (id: string) => string,
  method = "POST",
): Sample => ({
  ask: send(method, (object) => path(p(object)), method === "GET" ? {} : { body: nothing }),
  expect: aboutPerson(needed),
});
export const company = (needed: Permission, method: string, path: string): Sample => ({
  ask: send(method, () => path, method === "GET" ? {} : { body: nothing }),
  expect: ofCompany(needed),
});

/** About an id that there is none of: who may ask is told so, and only they. */
export const unknown = (needed: Permission, method: string, path: string): Sample => ({
  ...company(needed, method, path),
  expect: (can) => (can.all(needed) ? "absent" : "forbidden"),
});

export const gateway = (object: ObjectName, name = "gw"): string =>
  `/gateways/${s(object)}/${name}-${object}`;
