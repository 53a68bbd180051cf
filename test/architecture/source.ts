import { globSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

/** One TypeScript file of ours: its path from the repository's root, with forward slashes, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface Import {
  readonly from: string;
  /** A path from the root for a file of ours, else the specifier as written (`node:fs`, `hono`). */
  readonly to: string;
  readonly ours: boolean;
  /** `import type` and `export type` leave nothing behind at run time. */
  readonly typeOnly: boolean;
}

export const ROOMS = ["shared", "edge-agent", "cloud", "hardware-sim"] as const;
const FOLDERS = [...ROOMS, "deploy", "test", "tools"];
const SCOPE = "@clockleaf/";

/** Every `.ts` file below `root` that is ours. */
export function readSources(root: string): SourceFile[] {
  return FOLDERS.flatMap((folder) =>
    globSync(`${folder}/**/*.ts`, { cwd: root, exclude: (path) => path.includes("node_modules") }),
  )
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

const STATEMENT =
  /^[ \t]*(?:import|export)\b(?<type>\s+type\b)?(?:[^"'`;]*?\bfrom)?\s*["'](?<target>[^"']+)["']/gm;
const CALL = /\b(?:import|require|import\.meta\.resolve)\(\s*["'`](?<target>[^"'`$]+)["'`]\s*[,)]/g;
const URL_OF_MODULE = /\bnew URL\(\s*["'`](?<target>\.{1,2}\/[^"'`]+\.m?[jt]s)["'`]/g;
/** An import whose target only the running program knows. */
const COMPUTED = /\b(?:import|require|import\.meta\.resolve)\(\s*(?!["'][^"'$]+["']\s*[,)])[^)\s]/g;

/** What a file imports in any way: statement, `import()`, `require()`, or a worker's `new URL("./x.ts", …)`. */
export function importsOf(file: SourceFile): Import[] {
  const code = withoutComments(file.text);
  return [STATEMENT, CALL, URL_OF_MODULE].flatMap((pattern) =>
    Array.from(code.matchAll(pattern), ({ groups }) => ({
      from: file.path,
      typeOnly: groups?.["type"] !== undefined,
      ...resolveTarget(file.path, groups?.["target"] ?? ""),
    })),
  );
}

export function hasComputedImport(file: SourceFile): boolean {
  return withoutComments(file.text).search(COMPUTED) >= 0;
}

function resolveTarget(from: string, target: string): { to: string; ours: boolean } {
  if (target.startsWith(".")) {
    return { to: posix.normalize(posix.join(posix.dirname(from), target)), ours: true };
  }
  if (target.startsWith(SCOPE)) return { to: target.slice(SCOPE.length), ours: true };
  return { to: target, ours: false };
}

/**
 * Drops comments that begin a line, which is where biome leaves all but short ones. A comment after code stays, so
 * the worst that can happen is a finding too many, which is seen; never one too few.
 */
export function withoutComments(text: string): string {
  return text.replace(/^[ \t]*\/\*[\s\S]*?\*\//gm, "").replace(/^[ \t]*\/\/.*$/gm, "");
}
