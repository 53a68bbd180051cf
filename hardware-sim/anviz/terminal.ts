import { createAnswers, RET, recordBytes } from "./answers.ts";
import { type Command, encodeCommand, encodeResponse } from "./frame.ts";
import { createLogMemory, type LogEntry, type LogMemory, type LogMemoryOptions } from "./memory.ts";
import { createUserMemory, type UserLayout, type UserMemory } from "./users.ts";
import { createWallClock, type WallClock } from "./wall-clock.ts";

export interface AnvizTerminalOptions extends Partial<LogMemoryOptions> {
  readonly ch: number;
  /** Wall time of the place in milliseconds, as a calendar without zones would count it. */
  readonly wallMs: () => number;
  readonly layout?: UserLayout;
  readonly userCapacity?: number;
}

export type AnvizEvent =
  | { readonly kind: "punch"; readonly user: number; readonly stored: boolean }
  /** So many records lost their new flag: the controller says it has them. */
  | { readonly kind: "cleared"; readonly count: number }
  | { readonly kind: "deleted"; readonly count: number };

export interface Punch {
  readonly user: number;
  /** 0 and 1 finger, 2 password, 3 card; default 0. */
  readonly backup?: number;
  /** Attendance state; default 0, in. */
  readonly state?: number;
}

export interface AnvizTerminal {
  readonly ch: number;
  readonly clock: WallClock;
  readonly log: LogMemory;
  readonly users: UserMemory;
  /** Somebody is known: the record is in the log from now on. False when that is full, or there is no power. */
  punch(punch: Punch): boolean;
  /** The answer to a command, undefined when there is none: not addressed, no power. */
  handle(command: Command): Uint8Array | undefined;
  /** What the terminal says by itself goes here: records in real time, when that is on, and heartbeats. */
  onPush(push: ((bytes: Uint8Array) => void) | undefined): void;
  heartbeat(): void;
  onEvent(listener: (event: AnvizEvent) => void): void;
  /** Off and on again: log, users and clock are kept by their battery, whatever was under way is not. */
  powerCut(): void;
  setPower(on: boolean): void;
  /** Says "failed" (or another RET) to this command from now on; null takes it back. */
  refuse(cmd: number, ret?: number | null): void;
  /** How many commands of each kind were heard. */
  readonly heard: () => ReadonlyMap<number, number>;
}

export function createAnvizTerminal(options: AnvizTerminalOptions): AnvizTerminal {
  const { ch, layout = "40", capacity = 50_000, whenFull = "overwrite" } = options;
  const clock = createWallClock(options.wallMs);
  const log = createLogMemory({ capacity, whenFull });
  const users = createUserMemory(layout, options.userCapacity ?? 3_000);
  const heard = new Map<number, number>();
  const refusals = new Map<number, number>();
  const state = { power: true, realTime: false };
  let push: ((bytes: Uint8Array) => void) | undefined;
  const listeners: ((event: AnvizEvent) => void)[] = [];
  const emit = (event: AnvizEvent): void => {
    for (const listener of listeners) listener(event);
  };

  const answers = createAnswers({ clock, log, users, layout, state, emit });

  return {
    ch,
    clock,
    log,
    users,
    punch({ user, backup = 0, state: attendance = 0 }) {
      const entry: LogEntry = {
        user,
        secs: clock.secs(),
        backup,
        type: 0x80 | attendance,
        workCode: 0,
      };
      const stored = state.power && log.store(entry);
      emit({ kind: "punch", user, stored });
      if (stored && state.realTime) {
        push?.(
          encodeResponse({ ch, cmd: 0x5f, ret: 0, data: Uint8Array.from(recordBytes(entry)) }),
        );
      }
      return stored;
    },
    handle({ ch: addressed, cmd, data }) {
      // Zero calls every terminal there is.
      if (!state.power || (addressed !== ch && addressed !== 0)) return undefined;
      heard.set(cmd, (heard.get(cmd) ?? 0) + 1);
      const answer = refusals.get(cmd) ?? answers[cmd]?.(data) ?? RET.fail;
      return typeof answer === "number"
        ? encodeResponse({ ch, cmd, ret: answer, data: new Uint8Array(0) })
        : encodeResponse({ ch, cmd, ret: RET.ok, data: Uint8Array.from(answer) });
    },
    onPush(listener) {
      push = listener;
    },
    heartbeat() {
      if (state.power) push?.(encodeCommand({ ch, cmd: 0x7f, data: new Uint8Array(0) }));
    },
    onEvent: (listener) => void listeners.push(listener),
    powerCut() {
      log.powerCut();
      users.powerCut();
    },
    setPower(on) {
      state.power = on;
      if (!on) this.powerCut();
    },
    refuse(cmd, ret = RET.fail) {
      if (ret === null) refusals.delete(cmd);
      else refusals.set(cmd, ret);
    },
    heard: () => heard,
  };
}
