import { closeSync, openSync, writeSync } from "node:fs";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import {
  type CaptureChunk,
  type CaptureHeader,
  captureLine,
  MAX_CAPTURE_BYTES,
} from "@clockleaf/shared/wire/capture.ts";
import { type EdgeConfig, readersOf } from "../config.ts";
import { followRaw } from "../health/control-client.ts";
import { printJson, type Terminal } from "./output.ts";

export interface RawOptions {
  readonly config: EdgeConfig;
  readonly options: {
    readonly reader?: string | undefined;
    readonly json?: boolean | undefined;
    readonly restart?: boolean | undefined;
  };
  readonly terminal: Terminal;
}

/** `tap --raw`: what goes over the lines, both ways. Prints badges, and PINs on lines without encryption; never keys. */
export async function showRaw({ config, options, terminal }: RawOptions): Promise<void> {
  const { reader, restart = false } = options;
  for await (const item of followRaw(config.runtimeDir, { reader, restart }, interrupted())) {
    if (options.json === true) printJson(terminal, item);
    else if ("chunk" in item) terminal.out(render(item.line, item.chunk));
    else terminal.err(`${item.line}: ${item.header.driver} on ${item.header.port.name}\n`);
  }
}

/**
 * `tap --save FILE`: one line until Ctrl-C, the agent's end, or the largest size of a capture. The file is new and its
 * owner's alone. Throws `config.invalid` when there is more than one line to choose from, or the file exists.
 */
export async function saveLine(
  file: string,
  { config, options, terminal }: RawOptions,
): Promise<void> {
  const reader = options.reader ?? onlyLine(config);
  const over = interrupted();
  const items = followRaw(config.runtimeDir, { reader, restart: options.restart ?? false }, over);
  let handle: number | undefined;
  let [chunks, bytes] = [0, 0];
  const write = (item: CaptureHeader | CaptureChunk): void => {
    handle ??= openNew(file);
    bytes += writeSync(handle, captureLine(item));
  };
  try {
    for await (const item of items) {
      const line = "chunk" in item ? item.chunk : item.header;
      if (bytes + captureLine(line).length > MAX_CAPTURE_BYTES) {
        terminal.err(`${file} is as large as a capture may be: no more is recorded\n`);
        break;
      }
      write(line);
      if ("chunk" in item) chunks += 1;
      else tellWhatItHolds(terminal, file, item.header);
    }
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
  terminal.err(`${chunks} chunks in ${file}\n`);
}

function tellWhatItHolds(terminal: Terminal, file: string, { readers }: CaptureHeader): void {
  terminal.err(
    `recording the line of ${readers.join(", ")} until Ctrl-C. ${file} holds badge numbers, and what people type ` +
      "where the line is not encrypted, but no keys: keep it as you keep a list of badges\n",
  );
}

function onlyLine({ lines }: EdgeConfig): string {
  const firsts = lines
    .filter(({ port }) => port !== undefined)
    .map((line) => readersOf(line)[0] ?? "");
  const [only, ...others] = firsts;
  if (only !== undefined && others.length === 0) return only;
  const names = firsts.join(", ");
  throw new PlatformError(
    "config.invalid",
    only === undefined
      ? "no line of this gateway has a port to record"
      : `there are several lines; choose one with --reader, such as ${names}`,
  );
}

function openNew(file: string): number {
  try {
    return openSync(file, "wx", 0o600);
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unknown reason";
    throw new PlatformError(
      "config.invalid",
      `cannot write ${file} (${reason}); name a file that does not exist yet`,
      { cause: error },
    );
  }
}

/** Aborts on the first Ctrl-C; a second one ends the program as ever. */
function interrupted(): AbortSignal {
  const over = new AbortController();
  process.once("SIGINT", () => over.abort());
  process.once("SIGTERM", () => over.abort());
  return over.signal;
}

const HEX_PER_ROW = 32;

/** `   1.250 s  gate  in   02 31 30 …  .10`, 16 bytes a row. */
function render(line: string, { atMs, dir, hex, hidden }: CaptureChunk): string {
  const note = hidden === true ? "  (a key is hidden)" : "";
  const rows = hex.match(new RegExp(`.{1,${HEX_PER_ROW}}`, "gu")) ?? [];
  return rows
    .map((row) => {
      const bytes = Buffer.from(row, "hex");
      const digits = row.replaceAll(/..(?=.)/gu, "$& ").padEnd((HEX_PER_ROW / 2) * 3 - 1);
      const words = bytes.toString("latin1").replaceAll(/[^ -~]/gu, ".");
      const at = (atMs / 1000).toFixed(3).padStart(10);
      return `${at} s  ${line}  ${dir.padEnd(3)}  ${digits}  ${words}${note}\n`;
    })
    .join("");
}
