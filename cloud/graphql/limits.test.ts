import fc from "fast-check";
import { getOperationAST, isObjectType, parse, validate } from "graphql";
import { expect, test } from "vitest";
import { graphSchema } from "./graphql.ts";
import { LIMITS, LISTS, overLimit } from "./limits.ts";

const schema = graphSchema();
function limitOf(text: string, variables = {}): unknown {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const operation = getOperationAST(document);
  if (operation === null || operation === undefined) throw new Error("one operation");
  return overLimit({ document, operation, variables })?.extensions["limit"];
}

const nested = (levels: number): string =>
  `{ person(employeeId: "a") ${"{ manager ".repeat(levels)}{ email }${" }".repeat(levels)} }`;

test("what a page of a dashboard asks for may run", () => {
  expect(
    limitOf(`query ($day: Date!) {
      people(first: 50, site: "plant-1") {
        end
        items {
          firstName
          workdays(from: $day, to: $day, first: 31) { date paidSeconds punches { at meaning } findings { kind } }
          exceptions(first: 20) { kind }
          leave { code fromOn }
          payslips { net }
        }
      }
    }`),
  ).toBeUndefined();
});

test("what is nested too deeply may not", () => {
  expect(limitOf(nested(LIMITS.depth - 1))).toBeUndefined();
  expect(limitOf(nested(LIMITS.depth))).toBe("depth");
  expect(limitOf(nested(500))).toBe("depth");
});

test("fragments hide no depth and no fields", () => {
  const chain = Array.from({ length: 40 }, (_, at) =>
    at === 39
      ? `fragment f39 on Person { email }`
      : `fragment f${at} on Person { manager { ...f${at + 1} } }`,
  ).join("\n");
  expect(limitOf(`{ person(employeeId: "a") { ...f0 } }\n${chain}`)).toBe("depth");
  // Doubled ten times: 2^10 fields out of a few lines.
  const doubling = Array.from({ length: 11 }, (_, at) =>
    at === 10
      ? `fragment d10 on Person { email }`
      : `fragment d${at} on Person { ...d${at + 1} ... on Person { ...d${at + 1} } }`,
  ).join("\n");
  expect(limitOf(`{ person(employeeId: "a") { ...d0 } }\n${doubling}`)).toBe("fields");
});

test("the same thing under a thousand names is refused", () => {
  const many = Array.from({ length: 31 }, (_, at) => `a${at}: person(employeeId: "a") { email }`);
  expect(limitOf(`{ ${many.join("\n")} }`)).toBe("aliases");
});

test("lists count as long as they may be, also by a variable", () => {
  const text = `query ($n: Int) { people(first: $n) { items { workdays(from: "2026-01-01", to: "2026-12-31", first: 366) { date } } } }`;
  expect(limitOf(text, { n: 5 })).toBeUndefined();
  expect(limitOf(text, { n: 500 })).toBe("objects");
  expect(limitOf(text)).toBe("objects"); // what the schema says instead: 50
});

test("knows every list of the schema, at its longest", () => {
  const lists = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) => Object.values(type.getFields()))
    .map(({ name, args }) => ({ name, first: args.find((arg) => arg.name === "first") }))
    .filter(({ first }) => first !== undefined);
  expect(new Set(lists.map(({ name }) => name))).toEqual(new Set(LISTS.keys()));
  const longer = lists.filter(
    ({ name, first }) => Number(first?.defaultValue) > (LISTS.get(name) ?? 0),
  );
  expect(longer).toEqual([]);
});

test("never throws, and a list that is longer is never allowed where a shorter one was not", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 }), (a, b) => {
      const [less, more] = [Math.min(a, b), Math.max(a, b)];
      const text = `query ($n: Int) { people(first: $n) { items { exceptions(first: $n) { kind } } } }`;
      const allowed = limitOf(text, { n: more }) === undefined;
      expect(allowed && limitOf(text, { n: less }) !== undefined).toBe(false);
    }),
  );
});
