import { hasCode } from "@clockleaf/shared/lib/errors.ts";
import type { Conversation } from "./conversation.ts";
import { decodeInfo, PAGE } from "./messages.ts";
import { decodeRecords, goesOn, type LogRecord } from "./records.ts";

/** Pages in a row that do not come: the terminal is gone, and not the line bad. */
const MAX_LOST = 3;
/** Kept beyond what is looked for: pages may come twice, and punches in between. */
const SLACK = 1_000;
/** Parts kept of a log that was handed over with gaps. */
const MAX_RUNS = 20;
/** As many as the largest logs hold, some 10 MB: what lies further behind is not found. */
const MAX_KEPT = 200_000;

export interface Sought {
  /** Records that the log has, by its own count. */
  readonly records: number;
  /** Of these what is sought lies behind the first so many. */
  readonly index: number;
  /** And directly behind records that look like these; the count alone cannot be trusted in a memory that overwrites. */
  readonly behind: readonly string[];
  /** By the counts, so many: what looks like `until`, the oldest new record, comes directly after them. */
  readonly missed: number;
  readonly until: string | undefined;
  readonly likenessOf: (record: LogRecord) => string;
}

export type ReRead =
  /** What lies behind the place, to the end; `index` is how many records lie before it, where that is sure. */
  | { readonly kind: "found"; readonly records: readonly LogRecord[]; readonly index?: number }
  /** The whole log was read, and has no such place. */
  | { readonly kind: "nowhere" }
  /** Another try may tell. */
  | { readonly kind: "unsure" };

/**
 * Reads the terminal's whole log from its first record on and returns what lies behind the place that is sought. The
 * protocol has no way to begin in the middle. Rejects as {@link Conversation} does when the terminal does not begin, or
 * falls silent.
 *
 * A page that was lost on the way ends what hangs together, and does no harm elsewhere: asked on, the terminal goes on, and
 * from where is told by what comes. An order for a page that arrives twice makes it skip one without
 * a word, so either all records came, or what is found lies between two that
 * are known and is as long as the counts say.
 */
export async function reRead(talk: Conversation, sought: Sought): Promise<ReRead> {
  const { records } = sought;
  const { runs, received } = await walk(talk, sought);
  const after = await talk.ask({ ask: "info", isSure: true }, decodeInfo);
  const last = runs.at(-1) ?? [];
  if (received === records && after.records === records) return behindIn(last, records, sought);
  // A terminal that begins anew hands them over twice.
  const between = runs.map((run) => missedIn(run, sought)).find((found) => found.length > 0);
  if (between !== undefined) return { kind: "found", records: between };
  // With a page of punches meanwhile, their number says nothing any more.
  return after.records - records >= PAGE ? { kind: "unsure" } : behindIn(last, undefined, sought);
}

/** What was missed, where the records before and behind it hang together with it. */
function missedIn(
  run: readonly LogRecord[],
  { behind, missed, until, likenessOf }: Sought,
): readonly LogRecord[] {
  if (behind.length === 0 || until === undefined) return [];
  const likenesses = run.map((record) => likenessOf(record));
  const places = Array.from({ length: run.length }, (_, at) => at).filter(
    (at) =>
      at >= behind.length &&
      likenesses[at + missed] === until &&
      behind.every((likeness, from) => likenesses[at - behind.length + from] === likeness),
  );
  const [place] = places;
  return place === undefined || places.length > 1 ? [] : run.slice(place, place + missed);
}

/** The log in parts that hang together, the last reaching to its end; `received`: how many came, if there is one part. */
async function walk(
  talk: Conversation,
  { records, index }: Sought,
): Promise<{ readonly runs: readonly LogRecord[][]; readonly received: number | undefined }> {
  const room = Math.min(MAX_KEPT, records - index + SLACK);
  let runs: LogRecord[][] = [];
  let run: LogRecord[] = [];
  let isWhole = true;
  let received = 0;
  let lost = 0;
  // What does not hang together may have begun anew: then only an empty page is the end.
  while (received < (isWhole ? records : 3 * records + SLACK)) {
    const count = isWhole ? Math.min(PAGE, records - received) : PAGE;
    const page = await nextPage(talk, { count, isFirst: received === 0 && lost === 0, lost });
    if (page?.length === 0) break;
    lost = page === undefined ? lost + 1 : 0;
    if (page === undefined || (run.length > 0 && !goesOn(run.slice(-PAGE), page))) {
      runs = [...runs, run].slice(-MAX_RUNS);
      [run, isWhole] = [[], false];
    }
    run.push(...(page ?? []));
    received += page?.length ?? 0;
    if (run.length > 2 * room) run = run.slice(-room);
  }
  return { runs: [...runs, run], received: isWhole ? received : undefined };
}

/** Undefined when it did not come, and the next may. */
async function nextPage(
  talk: Conversation,
  { count, isFirst, lost }: { count: number; isFirst: boolean; lost: number },
): Promise<LogRecord[] | undefined> {
  const from = isFirst ? "first" : "next";
  try {
    return await talk.ask({ ask: "all-records", from, count }, decodeRecords);
  } catch (error) {
    if (hasCode(error, "device.no-reply") && !isFirst && lost < MAX_LOST) return undefined;
    throw error;
  }
}

/** `end`: how many records of the log there are up to the end of `run`, where that is known. */
function behindIn(
  run: readonly LogRecord[],
  end: number | undefined,
  { records, behind, index, likenessOf }: Sought,
): ReRead {
  const likenesses = run.map((record) => likenessOf(record));
  const isFromStart = end === run.length;
  const isBehind = (at: number): boolean => {
    if (at < behind.length && !isFromStart) return false;
    // A log that was deleted since begins in the middle of what is remembered.
    const before = behind.slice(Math.max(0, behind.length - at));
    if (before.length === 0) return index === at;
    return before.every((likeness, from) => likenesses[at - before.length + from] === likeness);
  };
  const places = Array.from({ length: run.length + 1 }, (_, at) => at).filter(isBehind);
  const [only] = places;
  if (only === undefined) return { kind: end === undefined ? "unsure" : "nowhere" };
  if (end === undefined) {
    const isAll = run.length - only >= records - index;
    return places.length === 1 && isAll
      ? { kind: "found", records: run.slice(only) }
      : { kind: "unsure" };
  }
  // Several only where records look the same, on a clock that stands still: there the count decides.
  const indexOf = (at: number): number => end - run.length + at;
  const place = places.length === 1 ? only : places.find((at) => indexOf(at) === index);
  return place === undefined
    ? { kind: "nowhere" }
    : { kind: "found", records: run.slice(place), index: indexOf(place) };
}
