import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { judge, runTests } from "./judge.ts";
import type { Mutant } from "./mutant.ts";
import type { Tree } from "./tree.ts";

// A mutant that cannot survive. Should it, then tests in a copy do not run what the copy says: packages that lead back to
// the original tree, or modules out of a cache. Its test takes both ways by which tests reach the engine.

const CANARY: Mutant = {
  name: "the canary",
  file: "shared/worktime/mutant-canary.ts",
  find: "alive",
  replace: "dead",
  tests: ["shared/worktime/mutant-canary.test.ts"],
};

const SOURCE = `export const CANARY = "alive";\n`;
const testFrom = (way: string): string => `import { expect, it } from "vitest";
import { CANARY } from "${way}";

it("sees the canary alive", () => expect(CANARY).toBe("alive"));
`;
const WAYS = ["@clockleaf/shared/worktime/mutant-canary.ts", "./mutant-canary.ts"];

/** Why what tests say in this copy is worth nothing; null = it is worth something. */
export async function distrustOf(tree: Tree): Promise<string | null> {
  plant(tree, CANARY.file, SOURCE);
  for (const way of WAYS) {
    for (const test of CANARY.tests) plant(tree, test, testFrom(way));
    const before = await runTests(tree, CANARY.tests);
    if (before.is !== "green") return `the canary's test does not pass: ${JSON.stringify(before)}`;
    const { is } = await judge(CANARY, tree);
    if (is !== "killed") return `a test that imports ${way} does not see what is broken: ${is}`;
  }
  return null;
}

function plant(tree: Tree, file: string, source: string): void {
  mkdirSync(dirname(join(tree.path, file)), { recursive: true });
  writeFileSync(join(tree.path, file), source);
}
