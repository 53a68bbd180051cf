import { createHash } from "node:crypto";
import type { Reading } from "../driver.ts";
import { userCredential } from "../user-number.ts";
import { claimOf } from "../zk-state.ts";
import type { AdmsTerminal } from "./config.ts";

/** Longer ones are none: a user number of 24 bytes and a dozen short fields. */
const MAX_LINE_BYTES = 512;
/** What tells one record from another: number, time, key, verification, work code. What comes after may be anything. */
const TELLING_FIELDS = 5;

/** One line of a table of punches: a reading, or why it can never be one. */
export type Line =
  | { readonly kind: "reading"; readonly reading: Reading; readonly hasDate: boolean }
  | { readonly kind: "unusable"; readonly reason: "long" | "fields" };

/**
 * `PIN \t YYYY-MM-DD hh:mm:ss \t state \t verify \t work code …`, one line per punch. Source: ZKTeco Attendance PUSH
 * protocol as public servers read it (s0x90/zkteco-adms). Lines without a user number or a second field are unusable; a
 * date that no calendar has is not: the person was there.
 */
export function parseLines(body: Buffer, terminal: AdmsTerminal): Line[] {
  const lines: Line[] = [];
  for (let at = 0; at < body.length; ) {
    const end = body.indexOf(0x0a, at);
    const line = trimmed(body.subarray(at, end < 0 ? body.length : end));
    if (line.length > 0) lines.push(parseLine(line, terminal));
    at = end < 0 ? body.length : end + 1;
  }
  return lines;
}

function trimmed(line: Buffer): Buffer {
  return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
}

function parseLine(line: Buffer, terminal: AdmsTerminal): Line {
  if (line.length > MAX_LINE_BYTES) return { kind: "unusable", reason: "long" };
  // Bytes, not characters: what the terminal calls its users has no coding we know of.
  const fields = line.toString("latin1").split("\t");
  const [pin = "", time = "", state = ""] = fields;
  if (pin === "" || time === "") return { kind: "unusable", reason: "fields" };
  const local = localOf(time);
  return {
    kind: "reading",
    hasDate: local !== null,
    reading: {
      reader: terminal.reader,
      credential: userCredential(terminal.userGroup ?? terminal.reader, Buffer.from(pin, "latin1")),
      hint: claimOf(/^\d{1,3}$/u.test(state) ? Number(state) : null, terminal),
      deviceLocal: local,
      pin: "not-asked",
      deviceSeq: null,
      recordKey: keyOf(fields, local),
    },
  };
}

/** The same line has the same name whenever it comes; the terminal sends it until it hears that it was taken. */
function keyOf(fields: readonly string[], local: string | null): string {
  const told = Array.from({ length: TELLING_FIELDS }, (_, at) => fields[at] ?? "").join("\t");
  const hash = createHash("sha256").update(told, "latin1").digest("base64url");
  return `${local ?? "no-date"}.${hash.slice(0, 32)}`;
}

/** `YYYY-MM-DDTHH:MM:SS`; null for what is not a date and a time of day. */
function localOf(text: string): string | null {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)$/u.exec(text);
  if (match === null) return null;
  const local = `${match[1]}T${match[2]}`;
  const at = new Date(`${local}Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(local) ? local : null;
}
