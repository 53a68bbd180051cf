import { describe, expect, it } from "vitest";
import { incompatibilities, unreadable } from "./compatible.ts";

type Json = Readonly<Record<string, unknown>>;

const record = (fields: readonly Json[], name = "R"): string =>
  JSON.stringify({ type: "record", name, namespace: "n", fields });
const a = (type: unknown, more: Json = {}): Json => ({ name: "a", type, ...more });
const b = (type: unknown, more: Json = {}): Json => ({ name: "b", type, ...more });
const letters = (symbols: readonly string[], more: Json = {}): Json => ({
  type: "enum",
  name: "E",
  symbols,
  ...more,
});

describe("a reader", () => {
  it.each<[string, string, string]>([
    [
      "an added field with a default",
      record([a("string")]),
      record([a("string"), b("int", { default: 1 })]),
    ],
    ["a removed field", record([a("string"), b("int")]), record([a("string")])],
    ["int as long", record([a("int")]), record([a("long")])],
    ["one branch as a union", record([a("string")]), record([a(["null", "string"])])],
    ["a renamed field with an alias", record([a("int")]), record([b("int", { aliases: ["a"] })])],
    [
      "a lost enum symbol, with a default",
      record([a(letters(["X", "Y"]))]),
      record([a(letters(["X"], { default: "X" }))]),
    ],
    ["text as bytes", record([a("string")]), record([a("bytes")])],
    ["bytes as text", record([a("bytes")]), record([a("string")])],
  ])("takes %s", (_, writer, reader) => {
    expect(unreadable(writer, reader)).toEqual([]);
  });

  it.each<[string, readonly [string, string], string]>([
    [
      "an added field without a default",
      [record([a("string")]), record([a("string"), b("int")])],
      "n.R.b: comes or goes without a default",
    ],
    ["long as int", [record([a("long")]), record([a("int")])], "n.R.a: long cannot be read as int"],
    [
      "a narrowed union",
      [record([a(["null", "string"])]), record([a("string")])],
      "n.R.a: null is none of what may stand here: string",
    ],
    [
      "a renamed field",
      [record([a("int")]), record([b("int")])],
      "n.R.b: comes or goes without a default",
    ],
    [
      "a renamed record",
      [record([a("int")]), record([a("int")], "S")],
      "n.S: n.R was renamed to n.S without an alias",
    ],
    [
      "an unknown enum symbol",
      [record([a(letters(["X", "Y"]))]), record([a(letters(["X"]))])],
      "n.R.a: the symbols Y are unknown and the enum has no default",
    ],
    [
      "a default that is not of the first branch",
      [record([]), record([a(["null", "string"], { default: "x" })])],
      "not a schema: ",
    ],
    [
      "text as a number",
      [record([a("string")]), record([a("double")])],
      "n.R.a: string cannot be read as double",
    ],
    [
      "another item",
      [
        record([a({ type: "array", items: "string" })]),
        record([a({ type: "array", items: "int" })]),
      ],
      "n.R.a.[]: string cannot be read as int",
    ],
    [
      "another value of a map",
      [record([a({ type: "map", values: "string" })]), record([a({ type: "map", values: "int" })])],
      "n.R.a.{}: string cannot be read as int",
    ],
    [
      "a change within a branch",
      [
        record([a(["null", JSON.parse(record([], "Q"))])]),
        record([a(["null", JSON.parse(record([b("int")], "Q"))])]),
      ],
      "n.R.a.b: comes or goes without a default",
    ],
    ["no schema", [record([]), "{"], "not a schema: "],
  ])("refuses %s", (_, [writer, reader], why) => {
    const found = unreadable(writer, reader);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(why);
  });
});

describe("a schema after another", () => {
  it("may gain and lose fields with defaults", () => {
    const both = record([a("string"), b(["null", "int"], { default: null })]);
    expect(incompatibilities(record([a("string")]), both)).toEqual([]);
    expect(incompatibilities(both, record([a("string")]))).toEqual([]);
  });

  it("may do no other thing, for it is read both ways", () => {
    expect(incompatibilities(record([a("int")]), record([a("long")]))).toEqual([
      "n.R.a: long cannot be read as int (the old one reads the new)",
    ]);
    expect(incompatibilities(record([a("string"), b("int")]), record([a("string")]))).toEqual([
      "n.R.b: comes or goes without a default (the old one reads the new)",
    ]);
    expect(incompatibilities(record([a("string")]), record([a(["null", "string"])]))).toEqual([
      "n.R.a: null is none of what may stand here: string (the old one reads the new)",
    ]);
  });
});
