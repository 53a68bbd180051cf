import { packTime } from "./clock.ts";

export interface ZkUser {
  /** Place in memory, from 1. */
  readonly slot: number;
  /** The number people know: digits, on newer terminals any text of up to 24 bytes. */
  readonly id: string;
  readonly name: string;
}

export interface ZkPunch {
  readonly userId: string;
  readonly at: Date;
  /** 1 finger, 3 password, 4 card, 15 face. */
  readonly verify: number;
  /** The key: 0 in, 1 out, 2 break, 3 back, 4 and 5 overtime, 255 none. */
  readonly state: number;
  /** Only records of 16 bytes hold one. */
  readonly workcode?: number;
  /** Written instead of `at`, for days that no calendar has. */
  readonly packedTime?: number;
}

/** Bytes of one attendance record, by generation of terminal; those of 8 and 16 have short user records. */
export type RecordBytes = 8 | 16 | 40;

/** Users and attendance log of a terminal: what it keeps without power. */
export class ZkMemory {
  readonly recordBytes: RecordBytes;
  capacity: number;
  readonly users: ZkUser[] = [];
  /** Oldest first; a full memory drops the oldest for the newest. */
  readonly punches: ZkPunch[] = [];

  constructor(options: { readonly recordBytes?: RecordBytes; readonly capacity?: number } = {}) {
    this.recordBytes = options.recordBytes ?? 40;
    this.capacity = options.capacity ?? 100_000;
  }

  enrol(id: string, name: string): ZkUser {
    const slot = Math.max(0, ...this.users.map((user) => user.slot)) + 1;
    const user = { slot, id, name };
    this.users.push(user);
    return user;
  }

  add(punch: ZkPunch): void {
    this.punches.push(punch);
    if (this.punches.length > this.capacity) this.punches.shift();
  }

  /** A clear from the terminal's own menu. */
  clear(): void {
    this.punches.length = 0;
  }

  /** What a read of the log gives: the length of the records, and the records. */
  attendanceTable(): Buffer {
    return table(this.punches.map((punch) => this.record(punch)));
  }

  userTable(): Buffer {
    const isLong = this.recordBytes === 40;
    return table(this.users.map((user) => (isLong ? longUser(user) : shortUser(user))));
  }

  private record(punch: ZkPunch): Buffer {
    const slot = this.users.find(({ id }) => id === punch.userId)?.slot ?? 0;
    const time = punch.packedTime ?? packTime(punch.at);
    const bytes = Buffer.alloc(this.recordBytes);
    switch (this.recordBytes) {
      case 8:
        bytes.writeUInt16LE(slot, 0);
        bytes.writeUInt8(punch.verify, 2);
        bytes.writeUInt32LE(time, 3);
        bytes.writeUInt8(punch.state, 7);
        break;
      case 16:
        bytes.writeUInt32LE(Number(punch.userId), 0);
        bytes.writeUInt32LE(time, 4);
        bytes.writeUInt8(punch.verify, 8);
        bytes.writeUInt8(punch.state, 9);
        bytes.writeUInt32LE(punch.workcode ?? 0, 12);
        break;
      case 40:
        bytes.writeUInt16LE(slot, 0);
        bytes.write(punch.userId, 2, 24, "latin1");
        bytes.writeUInt8(punch.verify, 26);
        bytes.writeUInt32LE(time, 27);
        bytes.writeUInt8(punch.state, 31);
        bytes.writeUInt8(0xff, 36);
        break;
    }
    return bytes;
  }
}

function table(rows: readonly Buffer[]): Buffer {
  const body = Buffer.concat(rows);
  return Buffer.concat([Buffer.from(Uint32Array.of(body.length).buffer), body]);
}

/** 28 bytes: slot, rights, password[5], name[8], card[4], -, group, zones[2], id[4]. */
function shortUser({ slot, id, name }: ZkUser): Buffer {
  const bytes = Buffer.alloc(28);
  bytes.writeUInt16LE(slot, 0);
  bytes.write(name, 8, 8, "latin1");
  bytes.writeUInt32LE(Number(id), 24);
  return bytes;
}

/** 72 bytes: slot, rights, password[8], name[24], card[4], -, group[7], -, id[24]. */
function longUser({ slot, id, name }: ZkUser): Buffer {
  const bytes = Buffer.alloc(72);
  bytes.writeUInt16LE(slot, 0);
  bytes.write(name, 11, 24, "latin1");
  bytes.write(id, 48, 24, "latin1");
  return bytes;
}
