import { z } from "zod";
import { PlatformError } from "../lib/errors.ts";
import { tokenSchema } from "../subjects.ts";

/**
 * A recording of one line of terminals, as the gateway saw it: NDJSON, a header and then one chunk a line.
 *
 *     {"capture":"clockleaf","version":1,"driver":"zfm","readers":["door"],"port":{"kind":"serial",…},"startedAt":"…Z"}
 *     {"atMs":12.5,"dir":"out","hex":"ef01ffffffff010003010005"}
 *     {"atMs":31,"dir":"in","hex":"ef01ffffffff07000302000c"}
 *
 * `in` came from the terminal and is cut as the port cut it; `out` is one whole write of the driver; the feature reports of
 * a HID device are both, with the report's id before their bytes. Where a chunk says
 * `hidden`, bytes of a key were made zeros before they were written. **It holds what the wire holds**: badge numbers, and on
 * lines without encryption what people type at keypads.
 */
export const CAPTURE_VERSION = 1;
/** `tap --save` stops here, and nobody reads more. */
export const MAX_CAPTURE_BYTES: number = 64 * 1024 ** 2;
/** Longer chunks are recorded in several lines. */
export const MAX_CHUNK_BYTES: number = 64 * 1024;
/** A month. */
const MAX_AT_MS = 31 * 86_400_000;

export const captureHeaderSchema = z.strictObject({
  capture: z.literal("clockleaf"),
  version: z.literal(CAPTURE_VERSION),
  driver: tokenSchema.describe("As in the gateway's configuration"),
  readers: z.array(tokenSchema).min(1).max(256).describe("Readers on the line"),
  port: z.strictObject({
    kind: z.enum(["serial", "tcp", "hid", "hidSocket"]),
    name: z.string().min(1).max(300).describe("Device file, HOST:PORT, or USB ids"),
    baudRate: z.int().min(1).nullable().describe("As configured; null on what has no speed"),
  }),
  startedAt: z.iso.datetime().describe("By the gateway's clock"),
});
export type CaptureHeader = z.output<typeof captureHeaderSchema>;

export const captureChunkSchema = z.strictObject({
  atMs: z.number().min(0).max(MAX_AT_MS).describe("Monotonic, since the recording began"),
  dir: z.enum(["in", "out"]),
  hex: z
    .string()
    .min(2)
    .max(MAX_CHUNK_BYTES * 2)
    .regex(/^(?:[0-9a-f]{2})+$/, "pairs of lower-case hex digits"),
  hidden: z.literal(true).optional(),
});
export type CaptureChunk = z.output<typeof captureChunkSchema>;

export interface Capture {
  readonly header: CaptureHeader;
  readonly chunks: readonly CaptureChunk[];
}

/** One line of the file, with its end. */
export const captureLine = (item: CaptureHeader | CaptureChunk): string =>
  `${JSON.stringify(item)}\n`;

/**
 * Reads a capture. `name` is what problems are reported under, as `name:line: what`. Throws `wire.too-large`,
 * `wire.unsupported-version` or `wire.malformed`; never with bytes of it in the message.
 */
export function parseCapture(text: string, name: string): Capture {
  if (text.length > MAX_CAPTURE_BYTES) {
    throw new PlatformError(
      "wire.too-large",
      `${name}: ${text.length} bytes, a capture has at most ${MAX_CAPTURE_BYTES}`,
    );
  }
  const [first = "", ...rest] = text.split("\n");
  const header = parseHeader(first, name);
  const chunks: CaptureChunk[] = [];
  for (const [index, line] of rest.entries()) {
    if (line.trim() === "") continue;
    const chunk = parseLine(line, captureChunkSchema, `${name}:${index + 2}`);
    if (chunk.atMs < (chunks.at(-1)?.atMs ?? 0)) {
      throw malformed(`${name}:${index + 2}`, "atMs: earlier than the line before");
    }
    chunks.push(chunk);
  }
  return { header, chunks };
}

const versionSchema = z.looseObject({ capture: z.literal("clockleaf"), version: z.int() });

function parseHeader(line: string, name: string): CaptureHeader {
  const place = `${name}:1`;
  const { version } = parseLine(line, versionSchema, place);
  if (version !== CAPTURE_VERSION) {
    throw new PlatformError(
      "wire.unsupported-version",
      `${place}: a capture of version ${version}; this release reads version ${CAPTURE_VERSION}`,
    );
  }
  return parseLine(line, captureHeaderSchema, place);
}

function parseLine<S extends z.ZodType>(line: string, schema: S, place: string): z.output<S> {
  const result = schema.safeParse(jsonOf(line, place));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.join(".") ?? "";
  throw malformed(place, `${path === "" ? "" : `${path}: `}${issue?.message ?? "not a capture"}`);
}

function jsonOf(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // The parser's own words repeat the line.
    throw malformed(place, "not a line of JSON; the first line of a capture is its header");
  }
}

const malformed = (place: string, what: string): PlatformError =>
  new PlatformError("wire.malformed", `${place}: ${what}`);
