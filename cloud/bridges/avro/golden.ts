import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CATALOGUE } from "@clockleaf/shared/events/catalogue.ts";
import type { EventDefinition } from "@clockleaf/shared/events/envelope.ts";
import { majorOf } from "@clockleaf/shared/events/upcasters.ts";
import { incompatibilities } from "./compatible.ts";
import { deriveSchema } from "./derive.ts";
import { recordNameOf } from "./shape.ts";

/**
 *     golden/<Name>.avsc               what the catalogue gives today
 *     golden/history/<Name>.<n>.avsc   what it gave before; written once, never changed, never deleted
 *
 * EmployeeCreated.1 is the schema that was given to us before there was a line of code.
 */
export const GOLDEN = join(import.meta.dirname, "golden");

export const HOW = "node cloud/bridges/avro/main.ts write";

export type Verdict =
  | { readonly kind: "same" }
  /** There is no golden file yet. */
  | { readonly kind: "new" }
  /** Only documentation differs: nothing that a reader or a registry tells apart. */
  | { readonly kind: "documentation" }
  | { readonly kind: "compatible" }
  | { readonly kind: "incompatible"; readonly reasons: readonly string[] };

/** May an event be written so from now on, after all that was promised of it? FULL_TRANSITIVE. */
export function judge(
  after: string,
  golden: string | undefined,
  history: readonly string[],
): Verdict {
  const before = [...history, ...(golden === undefined ? [] : [golden])];
  const reasons = before.flatMap((each) => incompatibilities(each, after));
  if (reasons.length > 0) return { kind: "incompatible", reasons: [...new Set(reasons)] };
  if (golden === undefined) return { kind: "new" };
  if (golden === after) return { kind: "same" };
  const isAlike = withoutDocs(golden) === withoutDocs(after);
  return { kind: isAlike ? "documentation" : "compatible" };
}

export interface Judged {
  readonly name: string;
  readonly verdict: Verdict;
  /** Does what the verdict allows; nothing for `same` and `incompatible`. */
  readonly write: () => void;
}

/** Every event against its files. Throws `config.invalid` for an event that Avro has nothing for. */
export function judgeAll(dir: string, catalogue: readonly EventDefinition[] = CATALOGUE): Judged[] {
  return catalogue.map((definition) => {
    const name = recordNameOf(definition);
    const after = `${JSON.stringify(deriveSchema(definition), null, 2)}\n`;
    const golden = goldenOf(dir, name);
    const history = historyOf(dir, name);
    const verdict = judge(after, golden, history);
    const write = (): void => {
      if (verdict.kind === "same" || verdict.kind === "incompatible") return;
      if (verdict.kind === "compatible" && golden !== undefined) {
        put(join(dir, "history", `${name}.${history.length + 1}.avsc`), golden);
      }
      put(join(dir, `${name}.avsc`), after);
    };
    return { name, verdict, write };
  });
}

/** Golden files of no event. A former major version of one that there is stays: its records are still out there. */
export function leftOver(dir: string, catalogue: readonly EventDefinition[] = CATALOGUE): string[] {
  const names = new Set(catalogue.flatMap(everyName));
  return readdirSync(dir)
    .filter((file) => file.endsWith(".avsc") && !names.has(file.slice(0, -".avsc".length)))
    .toSorted();
}

const everyName = (definition: EventDefinition): string[] =>
  Array.from({ length: majorOf(definition.version) }, (_, before) =>
    recordNameOf({ ...definition, version: `${before + 1}.0` }),
  );

const goldenOf = (dir: string, name: string): string | undefined => {
  const file = join(dir, `${name}.avsc`);
  return existsSync(file) ? read(file) : undefined;
};

/** From the oldest on; numbered without gaps, so that a lost file is noticed. */
export function historyOf(dir: string, name: string): string[] {
  const folder = join(dir, "history");
  const ofName = existsSync(folder)
    ? readdirSync(folder).filter(
        (file) => /^\.\d+\.avsc$/u.test(file.slice(name.length)) && file.startsWith(name),
      )
    : [];
  return ofName.map((_, index) => read(join(folder, `${name}.${index + 1}.avsc`)));
}

const read = (file: string): string => readFileSync(file, "utf8");

function put(file: string, text: string): void {
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
}

const leaveOutDocs = (key: string, value: unknown): unknown => (key === "doc" ? undefined : value);

const withoutDocs = (text: string): string => JSON.stringify(JSON.parse(text), leaveOutDocs);
