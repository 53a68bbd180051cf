import { codeOf, hasCode } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { Reading } from "../driver.ts";
import type { AnvizReader } from "./config.ts";
import type { Conversation } from "./conversation.ts";
import { decodeCleared, decodeInfo, type Info, PAGE } from "./messages.ts";
import { type LogPlace, RecordNames } from "./names.ts";
import type { NamesFile } from "./names-file.ts";
import { type ReRead, reRead } from "./re-read.ts";
import { decodeRecords, goesOn, type LogRecord, likenessOf, readingOf } from "./records.ts";

/** Times the whole log is read for what was missed, before that is given up: new punches wait meanwhile. */
const MAX_RE_READS = 30;
/** Missed records stored at a time: what is named and not surely cleared has room for twice as many. */
const MISSED_AT_ONCE = 500;

export interface LogReaderOptions {
  readonly reader: AnvizReader;
  readonly pagesPerBatch: number;
  readonly talk: Conversation;
  readonly file: NamesFile;
  /** Resolves once the reading is on disk; rejects when it is not. */
  readonly accept: (reading: Reading) => Promise<unknown>;
  readonly noted: (info: Info) => void;
  /** The terminal took flags off records that were not read: it offers them to nobody any more. */
  readonly alarm: (message: string) => void;
  readonly log: Log;
}

/** `more`: look again at once. `refused`: the journal does not take what is there; later. */
export type BatchResult = "more" | "done" | "refused";

/**
 * Moves new records from the terminal's log to the journal, in batches: count them, read the oldest, commit them, take
 * the new flags off exactly so many. Whatever happens in between, the next batch begins with the oldest that is still
 * flagged, and the journal knows by its name what it has.
 *
 * The order to take flags off may arrive twice, or come from somebody else. Punches made meanwhile add to all records and
 * to the new ones alike, so the difference tells: where it is more than the journal has, records were missed, and they are
 * sought in the whole log before anything else is read.
 */
export class LogReader {
  private readonly options: LogReaderOptions;
  private readonly names: RecordNames;
  private pages: number;
  private reReads = 0;
  /** As many as the alarm tells of; 0 while there is none to make up for. */
  private missed = 0;

  constructor(options: LogReaderOptions) {
    this.options = options;
    this.names = new RecordNames(options.file.load());
    this.pages = options.pagesPerBatch;
  }

  /** One batch. Rejects as {@link Conversation} does; what was committed is cleared by a later batch then. */
  async batch(): Promise<BatchResult> {
    const { talk, noted } = this.options;
    const info = await this.look();
    noted(info);
    const place = placeOf(info);
    if (this.names.missedAt(place) > 0) return this.makeUp(info);
    if (info.newRecords === 0) {
      if (this.names.settle(place)) this.save();
      return "done";
    }
    const records = await this.read(info);
    if (records.length === 0) {
      talk.count("empty_pages");
      return "done";
    }
    const likenesses = records.map((record) => this.likenessOf(record));
    const committed = await this.commit(records, this.names.name(likenesses, place));
    if (committed === 0) return "refused";
    if (!(await this.isOldest(records[0], info))) return "more";
    await this.clear(committed);
    if (committed < records.length) return "refused";
    return records.length < info.newRecords ? "more" : "done";
  }

  private async look(): Promise<Info> {
    const { talk } = this.options;
    const info = await talk.ask({ ask: "info" }, decodeInfo);
    // A late answer, or a terminal that has counted a punch only in part.
    return this.names.isOdd(placeOf(info))
      ? talk.ask({ ask: "info", isSure: true }, decodeInfo)
      : info;
  }

  /** Seeks in the whole log what was missed, and has it stored. Part of it at a time: the next look finds what is left. */
  private async makeUp(info: Info): Promise<BatchResult> {
    const { talk, alarm, log } = this.options;
    const place = placeOf(info);
    const missed = this.names.missedAt(place);
    if (this.missed === 0) {
      this.missed = missed;
      talk.count("missed", missed);
      log.error({ code: "device.refused", missed }, "flags taken off unread records");
      alarm(`${missed} ${MISSED}; its whole log is being read for them`);
    }
    const found = await this.seek(info, missed);
    if (found.kind !== "found") {
      talk.count("re_reads_failed");
      this.reReads += 1;
      const isLast = found.kind === "nowhere" || this.reReads === MAX_RE_READS;
      if (isLast) this.giveUp(missed, place);
      return isLast ? "more" : "refused";
    }
    this.reReads = 0;
    const some = found.records.slice(0, MISSED_AT_ONCE);
    const likenesses = some.map((record) => this.likenessOf(record));
    const keys = this.names.nameMissed(likenesses, found.index);
    const committed = await this.commit(some, keys);
    this.save();
    const left = this.names.missedAt(place);
    talk.count("missed_found", missed - left);
    log.warn({ missed, left }, "missed records stored");
    if (left === 0) {
      alarm(`${this.missed} ${MISSED}; they were found in its log, and nothing is lost: ${CAUSES}`);
      this.missed = 0;
    }
    return committed < some.length ? "refused" : "more";
  }

  private giveUp(missed: number, place: LogPlace): void {
    const { talk, alarm, log } = this.options;
    talk.count("missed_given_up", missed);
    log.error({ code: "device.refused", missed }, "missed records not found in the log");
    alarm(`${missed} ${MISSED}, and were not found in its log: ${BY_HAND}; ${CAUSES}`);
    this.reReads = 0;
    this.missed = 0;
    this.names.settle(place);
    this.save();
  }

  private async seek({ records, newRecords }: Info, missed: number): Promise<ReRead> {
    const { talk, log } = this.options;
    const likeness = (record: LogRecord): string => this.likenessOf(record);
    try {
      const [oldest] =
        newRecords === 0
          ? []
          : await talk.ask({ ask: "new-records", from: "oldest", count: 1 }, decodeRecords);
      return await reRead(talk, {
        ...this.names.missedFrom(),
        records,
        missed,
        until: oldest && likeness(oldest),
        likenessOf: likeness,
      });
    } catch (error) {
      if (!hasCode(error, "device.refused")) throw error;
      log.warn({ err: error, code: "device.refused" }, "the whole log is not handed over");
      return { kind: "unsure" };
    }
  }

  private likenessOf(record: LogRecord): string {
    return likenessOf(this.options.reader.deviceNumber, record);
  }

  /**
   * Records from the oldest new one on, without a gap. An order for the next page that arrives twice makes the terminal
   * skip one without a word: pages after the first are believed only if together they are all there is.
   */
  private async read(info: Info): Promise<LogRecord[]> {
    const { talk } = this.options;
    const count = Math.min(PAGE, info.newRecords);
    const first = await talk.ask({ ask: "new-records", from: "oldest", count }, decodeRecords);
    const isWithin = info.newRecords <= this.pages * PAGE;
    this.pages = this.options.pagesPerBatch;
    if (first.length < PAGE || first.length >= info.newRecords || !isWithin) return first;
    const records = await this.readOn(first, info);
    if (records !== undefined) return records;
    talk.count("discarded_page");
    this.pages = 1;
    return first;
  }

  /** All new records; undefined when that is not sure. */
  private async readOn(
    first: readonly LogRecord[],
    { newRecords }: Info,
  ): Promise<LogRecord[] | undefined> {
    const { talk } = this.options;
    const records = [...first];
    let page = first;
    while (records.length < newRecords) {
      const next = await this.nextPage(Math.min(PAGE, newRecords - records.length));
      if (next === undefined || !goesOn(page, next)) return undefined;
      records.push(...next);
      page = next;
    }
    const after = await talk.ask({ ask: "info", isSure: true }, decodeInfo);
    return after.newRecords === newRecords ? records : undefined;
  }

  /** Undefined when it did not come: what was read before is good all the same. */
  private async nextPage(count: number): Promise<LogRecord[] | undefined> {
    try {
      return await this.options.talk.ask(
        { ask: "new-records", from: "next", count },
        decodeRecords,
      );
    } catch (error) {
      const code = codeOf(error);
      if (code === "device.no-reply" || code === "device.refused") return undefined;
      throw error;
    }
  }

  /** How many from the first on are on disk. */
  private async commit(records: readonly LogRecord[], keys: readonly string[]): Promise<number> {
    const { reader, accept, talk, log } = this.options;
    // Before the first is committed: after a crash the same records must get the same names.
    this.save();
    for (let from = 0; from < records.length; from += PAGE) {
      const readings = records
        .slice(from, from + PAGE)
        .map((record, at) => readingOf(reader, record, keys[from + at] ?? ""));
      const outcomes = await Promise.allSettled(readings.map((reading) => accept(reading)));
      const failed = outcomes.findIndex(({ status }) => status === "rejected");
      talk.count("records", failed === -1 ? outcomes.length : failed);
      this.names.noteStored(from + (failed === -1 ? outcomes.length : failed));
      if (failed === -1) continue;
      const outcome = outcomes[failed];
      const cause: unknown = outcome?.status === "rejected" ? outcome.reason : undefined;
      // The run ends: whatever was committed meanwhile is known by its name when it is read again.
      if (hasCode(cause, "port.lost")) throw cause;
      talk.count("commits_refused");
      log.warn({ err: cause, code: codeOf(cause) }, "records not stored, will read them again");
      return from + failed;
    }
    return records.length;
  }

  /**
   * A full memory may give up its oldest record for each new one. As long as older, cleared records go first that is no
   * matter. With nothing but new ones, it is looked at once more: the count would else take flags off unread records.
   */
  private async isOldest(first: LogRecord | undefined, info: Info): Promise<boolean> {
    if (info.newRecords < info.records || first === undefined) return true;
    const { talk } = this.options;
    const [now] = await talk.ask({ ask: "new-records", from: "oldest", count: 1 }, decodeRecords);
    const same = now !== undefined && this.likenessOf(now) === this.likenessOf(first);
    if (!same) talk.count("overwritten");
    return same;
  }

  private async clear(count: number): Promise<void> {
    const { talk, log } = this.options;
    // Before the first is cleared: after a crash these must not look like missed ones.
    this.save();
    const cleared = await talk.ask({ ask: "clear-flags", count }, decodeCleared);
    talk.count("cleared", cleared);
    if (cleared === count) {
      this.names.cleared(count);
      this.save();
      return;
    }
    // Fewer: somebody else clears as well, or the oldest were overwritten. More: not what was asked. The next look tells.
    talk.count("clear_mismatches");
    log.warn({ count, cleared }, "terminal cleared another number of records");
  }

  private save(): void {
    const { file, talk, log } = this.options;
    try {
      file.save(this.names.state());
    } catch (error) {
      // Punches stay safe; only records that look the same could not be told apart after a crash.
      talk.count("state_saves_failed");
      log.error({ err: error, code: "internal" }, "names of records not saved");
    }
  }
}

const MISSED = "records lost their new flag in the terminal before they were read";
const BY_HAND = "read it with the vendor's program, and correct the hours of whom it concerns";
const CAUSES =
  "look for a converter that sends twice, somebody else who collects the log, or a terminal that was replaced";

const placeOf = ({ records, newRecords }: Info): LogPlace => ({
  position: records - newRecords,
  newRecords,
});
