import type { CaptureChunk, CaptureHeader } from "@clockleaf/shared/wire/capture.ts";
import { MAX_CHUNK_BYTES } from "@clockleaf/shared/wire/capture.ts";
import type { LineRecorder } from "../ports/recorded-port.ts";

/** What `/raw` of the control socket streams: of each line first its header, then its chunks. `line` is its first reader. */
export type RawItem =
  | { readonly line: string; readonly header: CaptureHeader }
  | { readonly line: string; readonly chunk: CaptureChunk };

export interface RawLine {
  readonly readers: readonly string[];
  readonly driver: string;
  readonly port: CaptureHeader["port"];
  readonly recorder: LineRecorder;
  /** Begins the line anew. */
  restart(): Promise<void>;
}

export interface RawRequest {
  /** All lines unless told. */
  readonly reader?: string | undefined;
  /** Begins the lines anew, so that what follows has the beginning of their conversations. */
  readonly restart: boolean;
}

/** Lets one follower look on at some lines; the result ends it. A sentence when there is no such line. */
export type FollowRaw = (
  request: RawRequest,
  send: (item: RawItem) => void,
) => (() => void) | string;

/** `lines`: those with a port; terminals that call us have none. */
export function createRawLines(
  lines: readonly RawLine[],
  { now, wallMs }: { readonly now: () => number; readonly wallMs: () => number },
): FollowRaw {
  return ({ reader, restart }, send) => {
    const wanted = lines.filter(({ readers }) => reader === undefined || readers.includes(reader));
    if (wanted.length === 0) {
      const known = lines.flatMap(({ readers }) => readers).join(", ");
      return `${reader ?? "here"} is on no line that can be recorded; these are: ${known || "none"}`;
    }
    const startedAt = new Date(wallMs()).toISOString();
    const startMs = now();
    const stops = wanted.map((each) => {
      const line = each.readers[0] ?? each.driver;
      const { driver, readers, port } = each;
      const head = { capture: "clockleaf", version: 1, driver, startedAt } as const;
      send({ line, header: { ...head, readers: [...readers], port } });
      return each.recorder.follow(
        ({ atMs, dir, bytes, hidden }) => {
          const at = Math.max(0, Math.round((atMs - startMs) * 1000) / 1000);
          for (const hex of piecesOf(bytes)) {
            send({ line, chunk: { atMs: at, dir, hex, ...(hidden ? { hidden } : {}) } });
          }
        },
        restart ? "opening" : "now",
      );
    });
    if (restart) for (const each of wanted) void each.restart();
    return () => {
      for (const stop of stops) stop();
    };
  };
}

function piecesOf(bytes: Uint8Array): string[] {
  const hex = Buffer.from(bytes).toString("hex");
  const length = MAX_CHUNK_BYTES * 2;
  return Array.from({ length: Math.ceil(hex.length / length) }, (_, index) =>
    hex.slice(index * length, (index + 1) * length),
  );
}
