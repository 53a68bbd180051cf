/** One rule broken the way a careless developer might, and the tests that must notice. */
export interface Mutant {
  /** What it does, for people. */
  readonly name: string;
  /** From the root of the tree, with `/`. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Test files or folders to run, from the root of the tree. */
  readonly tests: readonly string[];
}

/** The mutant's place in the file is gone, or is no longer the only one. */
export interface Stale {
  /** How often `find` occurs. */
  readonly found: number;
}

/** The file as the mutant has it. */
export function applied({ find, replace }: Mutant, source: string): string | Stale {
  const parts = source.split(find);
  if (parts.length !== 2) return { found: parts.length - 1 };
  return parts.join(replace);
}

/** What is wrong with a list before anything is run: twins, or mutants that change nothing. */
export function faultsOf(mutants: readonly Mutant[]): string[] {
  const seen = new Set<string>();
  return mutants.flatMap(({ name, find, replace, tests }) => {
    const faults: string[] = [];
    if (seen.has(name)) faults.push(`${name}: a second one of this name`);
    seen.add(name);
    if (find === "" || find === replace) faults.push(`${name}: changes nothing`);
    if (tests.length === 0) faults.push(`${name}: no tests to notice it`);
    return faults;
  });
}

/** Those whose name or file holds the text, in any case; all of them without one. */
export function selected(mutants: readonly Mutant[], text: string | undefined): readonly Mutant[] {
  if (text === undefined) return mutants;
  const wanted = text.toLowerCase();
  return mutants.filter(({ name, file }) => `${name}\n${file}`.toLowerCase().includes(wanted));
}

/** How a mutant changes its file: what is there, and what is put in its place. */
export type Edit = readonly [find: string, replace: string];

/** Mutants of one file, by name, all to be noticed by the same tests. */
export function inFile(
  file: string,
  tests: readonly string[],
  edits: Readonly<Record<string, Edit>>,
): Mutant[] {
  return Object.entries(edits).map(([name, [find, replace]]) => ({
    name,
    file,
    find,
    replace,
    tests,
  }));
}
