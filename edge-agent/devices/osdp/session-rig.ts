import type { Reading, StatusChange } from "../driver.ts";
import { osdpReaderSchema } from "./config.ts";
import { createFramer, type Frame } from "./frame.ts";
import type { ScriptedReader } from "./scripted-reader.ts";
import { Session, type SessionHooks } from "./session.ts";
import type { Resume } from "./state-file.ts";

/** One session and one scripted reader on a wire without time of its own: every turn is one exchange. */
export interface SessionRig {
  readonly session: () => Session;
  readonly reader: ScriptedReader;
  readonly readings: Reading[];
  readonly statuses: StatusChange[];
  /** Monotonic and wall milliseconds; tests may move both. */
  readonly clock: { nowMs: number; wallMs: number };
  readonly saved: () => Resume | undefined;
  /** What becomes of commits: taken at once, refused at once, or left open for the test. */
  commits: "accept" | "refuse" | "hold";
  /** What the wire does to a command; whole unless told. */
  onCommand: (bytes: Uint8Array) => Uint8Array | undefined;
  /** What the wire does to a reply; whole unless told. */
  onReply: (bytes: Uint8Array) => Uint8Array | undefined;
  /** One exchange at the session's own due time. */
  turn(): void;
  turns(count: number): void;
  until(condition: () => boolean): void;
  /** Kills the agent and starts another on what it had saved. */
  restart(): void;
  key: () => Uint8Array;
  /** The key in doubt, as its file would hold it. */
  nextKey: Uint8Array | undefined;
  checkPin: (pin: string) => "verified" | "wrong" | "none-set";
}

/** A wall clock inside every install window of these tests. */
export const NOON = Date.parse("2026-11-23T12:00:00Z");
const REPLY_TIMEOUT_MS = 200;

export function sessionRig(reader: ScriptedReader, config: Record<string, unknown>): SessionRig {
  const parsed = osdpReaderSchema.parse({ id: "door", address: 5, ...config });
  const memory: { resume: Resume | undefined } = { resume: undefined };
  const build = (): Session =>
    new Session(parsed, hooksOf(rig, memory), {
      resume: memory.resume,
      exchange: 1_000,
      pollMs: 50,
      nowMs: rig.clock.nowMs,
    });
  const rig: SessionRig = {
    session: () => session,
    reader,
    readings: [],
    statuses: [],
    clock: { nowMs: 0, wallMs: NOON },
    saved: () => memory.resume,
    commits: "accept",
    onCommand: (bytes) => bytes,
    onReply: (bytes) => bytes,
    turn: () => takeTurn(rig),
    turns(count) {
      for (let turn = 0; turn < count; turn += 1) rig.turn();
    },
    until(condition) {
      for (let turn = 0; turn < 2_000; turn += 1) {
        if (condition()) return;
        rig.turn();
      }
      throw new Error(`not within 2000 turns: ${condition.toString()}`);
    },
    restart() {
      session = build();
    },
    key: () => reader.mood.key ?? new Uint8Array(16),
    nextKey: undefined,
    checkPin: () => "none-set",
  };
  let session = build();
  return rig;
}

function hooksOf(rig: SessionRig, memory: { resume: Resume | undefined }): SessionHooks {
  return {
    commit: (readings) => void rig.readings.push(...readings),
    checkPin: (_credential, pin) => rig.checkPin(pin),
    statusChanged: (what) => void rig.statuses.push(what),
    changed: () => undefined,
    save(state) {
      memory.resume = structuredClone(state);
    },
    readKey: () => rig.key(),
    readNextKey: () => rig.nextKey,
    adoptNextKey() {
      const adopted = rig.nextKey;
      if (adopted === undefined) throw new Error("there is no next key");
      rig.key = () => adopted;
      rig.nextKey = undefined;
    },
    random: (bytes) => new Uint8Array(bytes).fill(0xb7),
    wallMs: () => rig.clock.wallMs,
  };
}

function takeTurn(rig: SessionRig): void {
  const { clock } = rig;
  const session = rig.session();
  const due = session.dueAt();
  if (Number.isFinite(due)) clock.nowMs = Math.max(clock.nowMs + 1, due);
  const before = rig.readings.length;
  const bytes = session.send(clock.nowMs);
  if (bytes !== undefined) {
    const isAnswered = framesIn(throughWire(rig, bytes)).some((frame) =>
      session.receive(frame, clock.nowMs),
    );
    if (!isAnswered) {
      clock.nowMs += REPLY_TIMEOUT_MS;
      session.timeout(clock.nowMs);
    }
  }
  if (rig.readings.length === before) return;
  if (rig.commits === "accept") session.accepted({ light: "green", text: "Hello" }, clock.nowMs);
  else if (rig.commits === "refuse") session.refused(clock.nowMs);
}

function throughWire(rig: SessionRig, command: Uint8Array): Uint8Array | undefined {
  const arrived = rig.onCommand(command);
  const reply = arrived === undefined ? undefined : rig.reader.hear(arrived);
  return reply === undefined ? undefined : rig.onReply(reply);
}

function framesIn(bytes: Uint8Array | undefined): Frame[] {
  if (bytes === undefined) return [];
  const framer = createFramer();
  return [...framer.push(bytes), ...framer.expire()];
}
