import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EventDefinition } from "@clockleaf/shared/events/envelope.ts";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { z } from "zod";
import { type TempDir, tempDir } from "../../../test/support/temp.ts";
import { GOLDEN, HOW, historyOf, judgeAll, leftOver, type Verdict } from "./golden.ts";

function eventOf(data: z.ZodType, version = "1.0"): EventDefinition {
  return { type: "audit.thing.done", domain: "audit", name: "ThingDone", version, data };
}

describe("what was promised to the readers of other brokers", () => {
  test.each(judgeAll(GOLDEN))("$name is written as it was promised", ({ verdict }) => {
    if (verdict.kind === "incompatible") expect.fail(verdict.reasons.join("\n"));
    expect(verdict.kind === "same" ? "as written" : `${verdict.kind}: ${HOW}`).toBe("as written");
  });

  test("is of events that there are", () => {
    expect(leftOver(GOLDEN)).toEqual([]);
    const names = new Set(readdirSync(GOLDEN).map((file) => file.replace(/\.avsc$/, "")));
    const former = readdirSync(join(GOLDEN, "history")).map((file) => file.split(".")[0] ?? "");
    expect(former.filter((name) => !names.has(name))).toEqual([]);
    expect(historyOf(GOLDEN, "EmployeeCreated").length).toBeGreaterThan(0);
  });
});

describe("a change", () => {
  let temp: TempDir;
  beforeEach(() => {
    temp = tempDir("golden");
  });
  afterEach(() => temp.remove());

  const fields = { id: z.string(), count: z.int().describe("how many") };
  /** As the command does. */
  const write = (data: z.ZodType, version?: string): Verdict => {
    const [judged] = judgeAll(temp.path, [eventOf(data, version)]);
    if (judged === undefined) throw new Error("nothing was judged");
    judged.write();
    return judged.verdict;
  };
  const files = (): string[] =>
    readdirSync(temp.path, { recursive: true })
      .map(String)
      .filter((file) => file.endsWith(".avsc"))
      .toSorted();

  it("is written once, and is then as written", () => {
    expect(write(z.object(fields))).toEqual({ kind: "new" });
    const text = readFileSync(join(temp.path, "ThingDone.avsc"), "utf8");
    expect(write(z.object(fields))).toEqual({ kind: "same" });
    expect(readFileSync(join(temp.path, "ThingDone.avsc"), "utf8")).toBe(text);
    expect(files()).toEqual(["ThingDone.avsc"]);
  });

  it("of documentation alone leaves no history", () => {
    write(z.object(fields));
    const kind = write(z.object({ ...fields, count: z.int().describe("how very many") }));
    expect(kind).toEqual({ kind: "documentation" });
    expect(files()).toEqual(["ThingDone.avsc"]);
  });

  it("that readers survive keeps the former schema", () => {
    write(z.object(fields));
    const before = readFileSync(join(temp.path, "ThingDone.avsc"), "utf8");
    const more = { ...fields, note: z.string().optional() };
    expect(write(z.object(more), "1.1")).toEqual({ kind: "compatible" });
    expect(write(z.object({ ...more, tags: z.array(z.string()) }), "1.2").kind).toBe("compatible");
    expect(files()).toEqual([
      "ThingDone.avsc",
      "history/ThingDone.1.avsc",
      "history/ThingDone.2.avsc",
    ]);
    expect(historyOf(temp.path, "ThingDone")[0]).toBe(before);
  });

  it.each<[string, z.ZodType, string]>([
    [
      "a field without a default",
      z.object({ ...fields, more: z.int() }),
      "com.hr.audit.events.ThingDone.thingData.more: comes or goes without a default",
    ],
    [
      "a lost field without a default",
      z.object({ id: fields.id }),
      "com.hr.audit.events.ThingDone.thingData.count: comes or goes without a default",
    ],
    [
      "another type",
      z.object({ ...fields, count: z.string() }),
      "com.hr.audit.events.ThingDone.thingData.count: long cannot be read as string",
    ],
    [
      "null where there was none",
      z.object({ ...fields, id: fields.id.nullable() }),
      "com.hr.audit.events.ThingDone.thingData.id: null is none of what may stand here",
    ],
  ])("is refused, and nothing written, for %s", (_, data, why) => {
    write(z.object(fields));
    const before = readFileSync(join(temp.path, "ThingDone.avsc"), "utf8");
    const verdict = write(data);
    expect(verdict).toMatchObject({ kind: "incompatible" });
    expect(JSON.stringify(verdict)).toContain(why);
    expect(readFileSync(join(temp.path, "ThingDone.avsc"), "utf8")).toBe(before);
    expect(files()).toEqual(["ThingDone.avsc"]);
  });

  it("is measured against all that ever was, not only the last", () => {
    const withX = (x: z.ZodType) => z.object({ ...fields, x });
    write(withX(z.int().optional()));
    expect(write(z.object(fields)).kind).toBe("compatible");
    expect(write(withX(z.string().optional())).kind).toBe("incompatible");
    expect(write(withX(z.int().optional())).kind).toBe("compatible");
  });

  it("that readers do not survive takes a new major version: a record of its own", () => {
    write(z.object(fields));
    expect(write(z.object({ id: z.int() }), "2.0")).toEqual({ kind: "new" });
    expect(files()).toEqual(["ThingDone.avsc", "ThingDoneV2.avsc"]);
    const now = [eventOf(z.object({ id: z.int() }), "2.0")];
    expect(leftOver(temp.path, now)).toEqual([]);
    writeFileSync(join(temp.path, "Gone.avsc"), "{}");
    expect(leftOver(temp.path, now)).toEqual(["Gone.avsc"]);
  });
});
