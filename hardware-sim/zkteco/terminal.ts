import { createZkClock, packEventTime, packTime, unpackTime, type ZkClock } from "./clock.ts";
import { isKey } from "./comm-key.ts";
import { ZkMemory, type ZkPunch } from "./memory.ts";
import type { ZkPacket } from "./wire.ts";

export interface ZkTerminalOptions {
  readonly memory?: ZkMemory;
  readonly clock?: ZkClock;
  /** Communication key; 0 wants none. */
  readonly commKey?: number;
  readonly serial?: string;
  /** Tables up to so many bytes are sent at once, others in pieces. */
  readonly inlineBytes?: number;
  /** Sessions are numbered up from here. */
  readonly firstSession?: number;
}

/** How a terminal that is out of order answers a reading of its log. */
export type Misbehaviour = "short-piece" | "wrong-announcement" | "wrong-count" | "no-answer";

/** One connection as the terminal sees it; nothing of it outlives the connection. */
export interface ZkSession {
  /** Answers, in order. */
  hear(packet: ZkPacket): readonly ZkPacket[];
  end(): void;
}

export interface ZkTerminal {
  readonly memory: ZkMemory;
  readonly clock: ZkClock;
  readonly serial: string;
  /** `largest` is how many bytes of data go into one packet. */
  connect(send: (packet: ZkPacket) => void, largest: number): ZkSession;
  /** Somebody is recognised: into the log, and told to whoever registered for events. */
  punch(userId: string, how?: Partial<Omit<ZkPunch, "userId">>): ZkPunch;
  /** Connections, sessions and laid-out tables are gone; memory and clock stay. */
  powerCut(): void;
  /** The next so many readings of the log go wrong like this. */
  misbehave(how: Misbehaviour, times: number): void;
  /** How often each command was heard. */
  readonly commands: ReadonlyMap<number, number>;
  /** Events that were acknowledged. */
  readonly acknowledged: () => number;
}

interface Fault {
  how: Misbehaviour;
  times: number;
}

/** A ZKTeco terminal with its memory and clock, whatever it hangs on. */
export function createZkTerminal(options: ZkTerminalOptions = {}): ZkTerminal {
  const memory = options.memory ?? new ZkMemory();
  const clock = options.clock ?? createZkClock(() => Date.now());
  const serial = options.serial ?? "SIM0000000001";
  const sessions = new Set<OneSession>();
  const commands = new Map<number, number>();
  const state = { next: options.firstSession ?? 0x8df3, acknowledged: 0 };
  const fault: Fault = { how: "no-answer", times: 0 };
  const heard = (command: number): void => {
    commands.set(command, (commands.get(command) ?? 0) + 1);
    if (command === ACK_OK) state.acknowledged += 1;
  };
  return {
    memory,
    clock,
    serial,
    commands,
    acknowledged: () => state.acknowledged,
    connect(send, largest) {
      const session: OneSession = new OneSession({
        memory,
        clock,
        serial,
        commKey: options.commKey ?? 0,
        inlineBytes: options.inlineBytes ?? 1024,
        largest,
        fault,
        heard,
        send,
        give: () => (state.next = (state.next % 0xffff) + 1),
        left: () => sessions.delete(session),
      });
      sessions.add(session);
      return session;
    },
    punch(userId, how = {}) {
      const punch = { verify: 1, state: 0, at: clock.now(), ...how, userId };
      memory.add(punch);
      for (const session of sessions) session.punched(punch);
      return punch;
    },
    powerCut() {
      for (const session of sessions) session.end();
    },
    misbehave(how, times) {
      fault.how = how;
      fault.times = times;
    },
  };
}

const ACK_OK = 2000;
const ACK_ERROR = 2001;
const ACK_UNAUTH = 2005;
const PREPARE_DATA = 1500;
const DATA = 1501;
const EVENT = 500;
const EF_ATTLOG = 1;
const LE32 = (...values: number[]): Buffer => Buffer.from(Uint32Array.from(values).buffer);
const NOTHING = Buffer.alloc(0);

interface SessionParts {
  readonly memory: ZkMemory;
  readonly clock: ZkClock;
  readonly serial: string;
  readonly commKey: number;
  readonly inlineBytes: number;
  readonly largest: number;
  readonly fault: Fault;
  readonly heard: (command: number) => void;
  readonly send: (packet: ZkPacket) => void;
  readonly give: () => number;
  readonly left: () => void;
}

/** What a command is answered with: number and data, one after another. */
type Answer = readonly (readonly [command: number, data: Buffer])[];

const OK: Answer = [[ACK_OK, NOTHING]];
/** Verify, cancel, enable, disable, refresh: a terminal says yes, and here nothing comes of it. */
const TAKEN_WITHOUT_EFFECT: ReadonlySet<number> = new Set([60, 62, 1002, 1003, 1013]);

class OneSession implements ZkSession {
  private readonly parts: SessionParts;
  private session = 0;
  private isTrusted = false;
  private events = 0;
  private laidOut: Buffer = NOTHING;
  private isOver = false;

  constructor(parts: SessionParts) {
    this.parts = parts;
  }

  hear(packet: ZkPacket): readonly ZkPacket[] {
    if (this.isOver) return [];
    this.parts.heard(packet.command);
    return this.answer(packet).map(([command, data]) => ({
      command,
      session: this.session,
      reply: packet.reply,
      data,
    }));
  }

  punched(punch: ZkPunch): void {
    if (this.isOver || (this.events & EF_ATTLOG) === 0) return;
    // The kind of event stands where the session otherwise does.
    this.parts.send({ command: EVENT, session: EF_ATTLOG, reply: 0, data: this.eventOf(punch) });
  }

  end(): void {
    this.isOver = true;
    this.parts.left();
  }

  private answer({ command, data }: ZkPacket): Answer {
    if (command === ACK_OK) return [];
    if (command === 1000) return this.begin();
    if (command === 1102) return this.prove(data);
    if (!this.isTrusted) return [[ACK_UNAUTH, NOTHING]];
    if (TAKEN_WITHOUT_EFFECT.has(command)) return OK;
    return this.work(command, data);
  }

  // oxlint-disable-next-line eslint/complexity -- a list
  private work(command: number, data: Buffer): Answer {
    switch (command) {
      case 11:
        return this.option(data);
      case 15:
        this.parts.memory.clear();
        return OK;
      case 50:
        return [[ACK_OK, this.sizes()]];
      case 201:
        return [[ACK_OK, LE32(packTime(this.parts.clock.now()))]];
      case 202:
        this.parts.clock.set(unpackTime(data.readUInt32LE(0)));
        return OK;
      case 500:
        this.events = data.length >= 4 ? data.readUInt32LE(0) : 0;
        return OK;
      case 1001:
        this.end();
        return OK;
      case 1100:
        return [[ACK_OK, Buffer.from("Ver 6.60 Apr 28 2017\0")]];
      case 1502:
        this.laidOut = NOTHING;
        return OK;
      case 1503:
        return this.layOut(data);
      case 1504:
        return this.piece(data);
      default:
        return [[ACK_ERROR, NOTHING]];
    }
  }

  private begin(): Answer {
    this.session = this.parts.give();
    this.isTrusted = this.parts.commKey === 0;
    return this.isTrusted ? OK : [[ACK_UNAUTH, NOTHING]];
  }

  private prove(proof: Buffer): Answer {
    this.isTrusted ||= isKey(proof, this.parts.commKey, this.session);
    return this.isTrusted ? OK : [[ACK_UNAUTH, NOTHING]];
  }

  private option(data: Buffer): Answer {
    const name = data.toString("latin1").replaceAll("\0", "");
    const values: Readonly<Record<string, string>> = {
      "~SerialNumber": this.parts.serial,
      "~DeviceName": "SIM-K40",
      "~Platform": "ZMM220_TFT",
      MAC: "00:17:61:00:00:01",
    };
    const value = values[name];
    return value === undefined
      ? [[ACK_ERROR, NOTHING]]
      : [[ACK_OK, Buffer.from(`${name}=${value}\0`)]];
  }

  /** Twenty numbers: users at 4, records at 8, room for records at 16, and what is left of it at 19. */
  private sizes(): Buffer {
    const { users, punches, capacity } = this.parts.memory;
    const numbers = Array.from({ length: 20 }, () => 0);
    numbers[4] = users.length;
    numbers[8] = punches.length + (this.strikes("wrong-count") ? 1 : 0);
    numbers[15] = 3000;
    numbers[16] = capacity;
    numbers[18] = 3000 - users.length;
    numbers[19] = capacity - punches.length;
    return LE32(...numbers);
  }

  private layOut(request: Buffer): Answer {
    if (this.strikes("no-answer")) return [];
    const what = request.readUInt16LE(1);
    if (what !== 13 && what !== 9) return [[ACK_ERROR, NOTHING]];
    const { memory, inlineBytes } = this.parts;
    const table = what === 13 ? memory.attendanceTable() : memory.userTable();
    if (table.length <= inlineBytes) return [[DATA, table]];
    this.laidOut = table;
    const announced = table.length + (what === 13 && this.strikes("wrong-announcement") ? 40 : 0);
    const stat = Buffer.concat([Buffer.of(0), LE32(announced, announced, 0x0bad)]);
    return [[ACK_OK, stat]];
  }

  private piece(request: Buffer): Answer {
    const [start, size] = [request.readUInt32LE(0), request.readUInt32LE(4)];
    const wanted = this.laidOut.subarray(start, start + size);
    if (wanted.length === 0) return [[ACK_ERROR, NOTHING]];
    const bytes = this.strikes("short-piece") ? wanted.subarray(0, wanted.length - 1) : wanted;
    const packets: [number, Buffer][] = [];
    for (let at = 0; at < bytes.length; at += this.parts.largest) {
      packets.push([DATA, bytes.subarray(at, at + this.parts.largest)]);
    }
    return [[PREPARE_DATA, LE32(wanted.length, 0x1000)], ...packets, [ACK_OK, NOTHING]];
  }

  private eventOf(punch: ZkPunch): Buffer {
    const how = Buffer.concat([Buffer.of(punch.verify, punch.state), packEventTime(punch.at)]);
    if (this.parts.memory.recordBytes !== 40) {
      return Buffer.concat([LE32(Number(punch.userId)), how]);
    }
    const id = Buffer.alloc(24);
    id.write(punch.userId, "latin1");
    return Buffer.concat([id, how, Buffer.alloc(20)]);
  }

  private strikes(how: Misbehaviour): boolean {
    const { fault } = this.parts;
    if (fault.how !== how || fault.times === 0) return false;
    fault.times -= 1;
    return true;
  }
}
