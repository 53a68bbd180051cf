import { writeSync } from "node:fs";
import { journalConfigSchema } from "../../edge-agent/journal/config.ts";
import { openJournal } from "../../edge-agent/journal/journal.ts";
import { codeOf } from "../../shared/lib/errors.ts";
import { silentLog } from "../../shared/lib/log.ts";

/**
 * A process that appends to a journal as fast as it gets acknowledgements, to be killed or to meet a failing disk:
 *
 *     node journal-appender.ts <path> <readers> <punches per reader> <commitDelayMs>
 *
 * Each reader goes on after the last exchange the journal knows. One line per answer on stdout, written before the
 * next append: `acked <reader> <seq> <row>` or `refused <reader> <seq> <code>`; a refused exchange is tried again.
 */
const [path = "", readers = "1", punches = "1", commitDelayMs = "0"] = process.argv.slice(2);
const config = journalConfigSchema.parse({ path, reserveBytes: 0 });
const journal = await openJournal({
  config,
  log: silentLog(),
  commitDelayMs: Number(commitDelayMs),
});
const nobody = new Int32Array(new SharedArrayBuffer(4));
/** Written before it returns. A pipe that is full, because a busy machine reads slowly, is waited for. */
const say = (line: string): void => {
  for (;;) {
    try {
      return void writeSync(1, `${line}\n`);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
      Atomics.wait(nobody, 0, 0, 1);
    }
  }
};

async function punch(reader: string, seq: number): Promise<void> {
  for (;;) {
    try {
      const { row } = await journal.append(
        {
          kind: "punch",
          reader,
          credential: { kind: "number", value: `${reader}-${seq}` },
          hint: null,
          time: {
            gatewayAtMs: Date.now(),
            monotonicMs: performance.now(),
            bootId: "boot",
            uncertaintyMs: null,
            deviceLocal: null,
          },
          pin: "not-asked",
          verdict: "known",
          traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        },
        { deviceSeq: seq },
      );
      say(`acked ${reader} ${seq} ${row}`);
      return;
    } catch (error) {
      say(`refused ${reader} ${seq} ${codeOf(error)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

async function loop(reader: string): Promise<void> {
  const first = (journal.lastDeviceSeq(reader) ?? 0) + 1;
  for (let seq = first; seq < first + Number(punches); seq++) await punch(reader, seq);
}

say("open");
await Promise.all(Array.from({ length: Number(readers) }, (_, n) => loop(`reader-${n}`)));
await journal.close();
say("closed");
