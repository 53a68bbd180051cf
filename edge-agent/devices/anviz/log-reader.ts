import { codeOf, hasCode } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { Reading } from "../driver.ts";
import type { AnvizReader } from "./config.ts";
import type { Conversation } from "./conversation.ts";
import { decodeCleared, decodeInfo, type Info, PAGE } from "./messages.ts";
import { type LogPlace, RecordNames } from "./names.ts";
import type { NamesFile } from "./names-file.ts";
import { decodeRecords, type LogRecord, likenessOf, readingOf } from "./records.ts";

export interface LogReaderOptions {
  readonly reader: AnvizReader;
  readonly pagesPerBatch: number;
  readonly talk: Conversation;
  readonly file: NamesFile;
  /** Resolves once the reading is on disk; rejects when it is not. */
  readonly accept: (reading: Reading) => Promise<unknown>;
  readonly noted: (info: Info) => void;
  /** The terminal took flags off records that nobody asked for: they will not be offered again. */
  readonly alarm: (message: string) => void;
  readonly log: Log;
}

/** `more`: look again at once. `refused`: the journal does not take what is there; later. */
export type BatchResult = "more" | "done" | "refused";

/**
 * Moves new records from the terminal's log to the journal, in batches: count them, read the oldest, commit them, take
 * the new flags off exactly so many. Whatever happens in between, the next batch begins with the oldest that is still
 * flagged, and the journal knows by its name what it has.
 */
export class LogReader {
  private readonly options: LogReaderOptions;
  private readonly names: RecordNames;
  private pages: number;

  constructor(options: LogReaderOptions) {
    this.options = options;
    this.names = new RecordNames(options.file.load());
    this.pages = options.pagesPerBatch;
  }

  /** One batch. Rejects as {@link Conversation} does; what was committed is cleared by a later batch then. */
  async batch(): Promise<BatchResult> {
    const { talk, noted } = this.options;
    const info = await talk.ask({ ask: "info" }, decodeInfo);
    noted(info);
    if (info.newRecords === 0) {
      if (this.names.settle()) this.save();
      return "done";
    }
    const records = await this.read(info);
    if (records.length === 0) {
      talk.count("empty_pages");
      return "done";
    }
    const place = { position: info.records - info.newRecords, newRecords: info.newRecords };
    const committed = await this.commit(records, place);
    if (committed === 0) return "refused";
    if (!(await this.isOldest(records[0], info))) return "more";
    await this.clear(committed, place);
    if (committed < records.length) return "refused";
    return records.length < info.newRecords ? "more" : "done";
  }

  /** Records from the oldest new one on, without a gap. */
  private async read(info: Info): Promise<LogRecord[]> {
    const { talk } = this.options;
    const count = Math.min(PAGE, info.newRecords);
    const first = await talk.ask({ ask: "new-records", from: "oldest", count }, decodeRecords);
    const records = [...first];
    let page = first;
    for (let pages = 1; pages < this.pages && page.length === PAGE; pages += 1) {
      const left = info.newRecords - records.length;
      if (left <= 0) break;
      const next = await this.nextPage(Math.min(PAGE, left));
      if (next === undefined || !goesOn(page, next)) {
        // Whatever that was, it must not be counted among the oldest. One page at a time until that works again.
        talk.count("discarded_page");
        this.pages = 1;
        return records;
      }
      records.push(...next);
      page = next;
    }
    this.pages = this.options.pagesPerBatch;
    return records;
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
  private async commit(records: readonly LogRecord[], place: LogPlace): Promise<number> {
    const { reader, accept, talk, log } = this.options;
    const likenesses = records.map((record) => likenessOf(reader.deviceNumber, record));
    const keys = this.names.name(likenesses, place);
    this.names.intend(records.length, place);
    // Before the first is committed: after a crash the same records must get the same names.
    this.save();
    for (let from = 0; from < records.length; from += PAGE) {
      const readings = records
        .slice(from, from + PAGE)
        .map((record, at) => readingOf(reader, record, keys[from + at] ?? ""));
      const outcomes = await Promise.allSettled(readings.map((reading) => accept(reading)));
      const failed = outcomes.findIndex(({ status }) => status === "rejected");
      talk.count("records", failed === -1 ? outcomes.length : failed);
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
    const { talk, reader } = this.options;
    const [now] = await talk.ask({ ask: "new-records", from: "oldest", count: 1 }, decodeRecords);
    const same =
      now !== undefined &&
      likenessOf(reader.deviceNumber, now) === likenessOf(reader.deviceNumber, first);
    if (!same) talk.count("overwritten");
    return same;
  }

  private async clear(count: number, place: LogPlace): Promise<void> {
    const { talk, alarm, log } = this.options;
    this.names.intend(count, place);
    this.save();
    const cleared = await talk.ask({ ask: "clear-flags", count }, decodeCleared);
    talk.count("cleared", cleared);
    if (cleared === count) {
      this.names.cleared(count);
      this.save();
      return;
    }
    // Fewer: somebody else clears as well, or the oldest were overwritten. The next batch finds out what is left.
    talk.count("clear_mismatches");
    log.warn({ count, cleared }, "terminal cleared another number of records");
    if (cleared > count) {
      alarm(
        `the terminal cleared ${cleared - count} records more than were read: read its whole log with the vendor's program`,
      );
    }
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

/**
 * Whether a page can be the one after another. A terminal that was switched off and on has forgotten where it was, and
 * might begin again anywhere; its log grows with its clock.
 */
function goesOn(page: readonly LogRecord[], next: readonly LogRecord[]): boolean {
  const [last, first] = [page.at(-1), next[0]];
  if (first === undefined) return false;
  const isSame = JSON.stringify(page) === JSON.stringify(next);
  return !isSame && last !== undefined && first.secs >= last.secs;
}
