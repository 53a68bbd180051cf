import { readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TempDir, tempDir } from "../../../test/support/temp.ts";
import { openStateFile, type Resume } from "./state-file.ts";

const stateWith = (exchange: number): Resume => ({
  exchange,
  check: "crc",
  line: {
    sqn: 2,
    key: "own",
    channel: {
      keys: {
        enc: Buffer.alloc(16, 1),
        mac1: Uint8Array.of(...Array<number>(16).fill(2)),
        mac2: Buffer.alloc(16, 3),
      },
      rMac: Buffer.alloc(16, 4),
      cMac: Buffer.alloc(16, 5),
    },
    command: { exchange, bytes: Uint8Array.of(0x53, 0, 0xff, 0x80), isPoll: true },
    reply: Buffer.alloc(320, 6),
  },
  entry: {
    card: { credential: { kind: "card", bits: 512, hex: "ab".repeat(64) }, exchange: 3 },
    digits: "1".repeat(48),
  },
  identity: "0a0b0c-1-00000001",
  isKeyed: true,
  isTampered: false,
  isPowerFailing: true,
  unacknowledged: { hex: "c37a2200", exchange: 160, isNewLink: true },
});

describe("the resume file", () => {
  let dir: TempDir;
  beforeEach(() => {
    dir = tempDir("osdp-state");
  });
  afterEach(() => dir.remove());

  const path = (): string => join(dir.path, "osdp-door.state");
  const saveAll = (...exchanges: number[]): void => {
    const file = openStateFile(dir.path, "door");
    for (const exchange of exchanges) file.save(stateWith(exchange));
    file.close();
  };
  const load = (): Resume | undefined => {
    const file = openStateFile(dir.path, "door");
    file.close();
    return file.load();
  };

  test("gives back the newest state, byte for byte, at its largest", () => {
    saveAll(16, 32, 48);
    expect(load()).toEqual({
      ...stateWith(48),
      line: {
        ...stateWith(48).line,
        channel: {
          keys: {
            enc: Buffer.alloc(16, 1),
            mac1: Buffer.alloc(16, 2),
            mac2: Buffer.alloc(16, 3),
          },
          rMac: Buffer.alloc(16, 4),
          cMac: Buffer.alloc(16, 5),
        },
        command: { exchange: 48, bytes: Buffer.of(0x53, 0, 0xff, 0x80), isPoll: true },
      },
    });
  });

  test("is empty on a first start", () => {
    expect(load()).toBeUndefined();
  });

  test("is readable by its owner alone, whatever its mode was", () => {
    writeFileSync(path(), "", { mode: 0o644 });
    saveAll(16);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
  });

  test("falls back to the state before when the newest is torn at any byte", () => {
    saveAll(16, 32);
    const whole = readFileSync(path());
    saveAll(48);
    const after = readFileSync(path());
    const changed = [...after.keys()].filter((at) => after[at] !== whole[at]);
    const first = changed[0] ?? 0;
    const last = changed.at(-1) ?? 0;
    for (let at = first; at < last; at += 7) {
      // The first bytes of the new slot made it, the rest is what was there before.
      const torn = Buffer.from(whole);
      after.copy(torn, first, first, at);
      writeFileSync(path(), torn);
      expect(load()?.exchange).toBe(32);
    }
    writeFileSync(path(), after);
    expect(load()?.exchange).toBe(48);
  });

  test("does not believe a flipped bit", () => {
    saveAll(16, 32);
    const bytes = readFileSync(path());
    for (let at = 0; at < bytes.length; at += 3) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 0x10;
      writeFileSync(path(), flipped);
      expect([16, 32]).toContain(load()?.exchange);
      expect(load()).toEqual(expect.objectContaining({ identity: "0a0b0c-1-00000001" }));
    }
  });

  test("goes on numbering after a torn write, so that the next save wins", () => {
    saveAll(16, 32);
    truncateSync(path(), 10);
    saveAll(48);
    expect(load()?.exchange).toBe(48);
  });

  test("takes garbage for nothing", () => {
    writeFileSync(path(), Buffer.alloc(5_000, 0x7b));
    expect(load()).toBeUndefined();
  });

  test("names a runtime folder that is not there", () => {
    expect(() => openStateFile(join(dir.path, "none"), "door")).toThrowError(
      expect.objectContaining({ code: "config.unreadable" }),
    );
  });
});
