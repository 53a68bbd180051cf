import type { Mutant } from "./mutant.ts";

/** What became of a mutant. Only the first two are as they should be. */
export type Verdict =
  /** A test failed. */
  | { readonly is: "killed"; readonly by: string }
  /** The tests did not end: noticed, but by no test's own word. */
  | { readonly is: "timed-out" }
  | { readonly is: "survived" }
  /** Its place is not in the file exactly once: the list must be brought up to date. */
  | { readonly is: "stale"; readonly found: number }
  /** The run failed and no test did: what cannot even be loaded proves nothing. */
  | { readonly is: "broken"; readonly why: string };

export interface Judged {
  readonly mutant: Pick<Mutant, "name" | "file">;
  readonly verdict: Verdict;
  readonly seconds: number;
}

export type Counts = Readonly<Record<Verdict["is"], number>>;

/** What `--json` prints. `ok` is what the exit status says. */
export interface MutantReport {
  readonly ok: boolean;
  /** Of the run without any mutant, which must be green. */
  readonly unmutated: { readonly tests: number; readonly seconds: number };
  readonly counts: Counts;
  readonly rooms: ReadonlyArray<Counts & { readonly room: string }>;
  readonly mutants: ReadonlyArray<
    Verdict & { readonly name: string; readonly file: string; readonly seconds: number }
  >;
  readonly seconds: number;
}

const KINDS = ["killed", "timed-out", "survived", "stale", "broken"] as const;

/** Ok if there was a mutant and every one was noticed. */
export function reportOf(
  judged: readonly Judged[],
  { unmutated, seconds }: Pick<MutantReport, "unmutated" | "seconds">,
): MutantReport {
  const counts = countsOf(judged);
  const names = new Set(judged.map(({ mutant }) => roomOf(mutant.file)));
  const rooms = [...names].map((room) => {
    const own = judged.filter(({ mutant }) => roomOf(mutant.file) === room);
    return Object.assign({ room }, countsOf(own));
  });
  return {
    ok: judged.length > 0 && counts.killed + counts["timed-out"] === judged.length,
    unmutated,
    counts,
    rooms,
    mutants: judged.map(({ mutant, verdict, seconds: took }) => ({
      name: mutant.name,
      file: mutant.file,
      seconds: took,
      ...verdict,
    })),
    seconds,
  };
}

function countsOf(judged: readonly Judged[]): Counts {
  const counts = { killed: 0, "timed-out": 0, survived: 0, stale: 0, broken: 0 };
  for (const { verdict } of judged) counts[verdict.is] += 1;
  return counts;
}

/** `shared/worktime/overtime/walk.ts` → `overtime`, `shared/worktime/days.ts` → `days`. */
export function roomOf(file: string): string {
  const [room = file] = file.split("/").slice(2);
  return room.replace(/\.ts$/, "");
}

/** The same for people: what is not as it should be last, where it is read. */
export function textOf({ ok, unmutated, counts, rooms, mutants, seconds }: MutantReport): string {
  const width = Math.max(...rooms.map(({ room }) => room.length), "room".length);
  const row = (name: string, cells: readonly unknown[]): string =>
    `${name.padEnd(width)}${cells.map((cell) => String(cell).padStart(11)).join("")}`;
  const bad = mutants.filter(({ is }) => is !== "killed" && is !== "timed-out");
  const verdict = ok
    ? "every mutant was noticed"
    : `${bad.length} of ${mutants.length} not noticed`;
  return [
    ...mutants.filter((each) => !bad.includes(each)).map(lineOf),
    "",
    row("room", KINDS),
    ...rooms.map((room) =>
      row(
        room.room,
        KINDS.map((kind) => room[kind]),
      ),
    ),
    row(
      "all",
      KINDS.map((kind) => counts[kind]),
    ),
    "",
    ...bad.map(lineOf),
    `without mutants ${unmutated.tests} tests pass (${Math.round(unmutated.seconds)} s); ${verdict} (${Math.round(seconds)} s)`,
    "",
  ].join("\n");
}

function lineOf(each: MutantReport["mutants"][number]): string {
  return `${each.is.padEnd(9)}  ${each.file}: ${each.name}${detailOf(each)}`;
}

function detailOf(verdict: Verdict): string {
  switch (verdict.is) {
    case "killed":
      return ` (by "${verdict.by}")`;
    case "timed-out":
      return " (counts as noticed: the tests did not end)";
    case "survived":
      return "";
    case "stale":
      return ` (its text occurs ${verdict.found} times, not once: bring the list up to date)`;
    case "broken":
      return ` (no test failed, but the run did: ${verdict.why})`;
  }
}
