import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cardEvent, createScriptedReader, keysEvent } from "./scripted-reader.ts";
import { type SessionRig, sessionRig } from "./session-rig.ts";

const KEY = Buffer.from("8f1c22d90a4b57e361b8c4d5026f7e93", "hex");

/** What the journal keeps of the readings: a number it has had already is a repeat. */
function rowsOf(rig: SessionRig): string[] {
  const rows: string[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const { credential, deviceSeq } of rig.readings) {
    if (deviceSeq === null || deviceSeq <= last) continue;
    last = deviceSeq;
    rows.push(credential.kind === "card" ? credential.hex : credential.value);
  }
  return rows;
}

const cardHex = (number: number): string =>
  Buffer.from(cardEvent(number).data.subarray(4)).toString("hex");

const MODES = [
  { name: "in clear", key: null, config: { secureChannel: "off" } },
  { name: "in a secure channel", key: KEY, config: { keyFile: "k" } },
];

/** Runs until the reader's reply with a card has been read but not committed. */
function readButNotCommitted(rig: SessionRig): void {
  rig.commits = "hold";
  rig.reader.present(cardEvent(7));
  rig.until(() => rig.readings.length === 1);
}

describe.each(MODES)("a killed agent, $name", ({ key, config }) => {
  test("between reply and commit: the card is read again from the reader, one row", () => {
    const rig = sessionRig(createScriptedReader(5, { key }), config);
    readButNotCommitted(rig);
    rig.readings.length = 0; // nothing reached the disk
    rig.restart();
    rig.commits = "accept";
    rig.until(() => rig.reader.forgotten.length === 1);
    expect(rowsOf(rig)).toEqual([cardHex(7)]);
    expect(rig.reader.lost).toEqual([]);
  });

  test("between commit and the next sequence number: read again, known by its number, one row", () => {
    const rig = sessionRig(createScriptedReader(5, { key }), config);
    readButNotCommitted(rig);
    rig.restart();
    rig.commits = "accept";
    rig.until(() => rig.reader.forgotten.length === 1);
    expect(rig.readings).toHaveLength(2);
    expect(rowsOf(rig)).toEqual([cardHex(7)]);
    rig.reader.present(cardEvent(8));
    rig.until(() => rig.reader.forgotten.length === 2);
    expect(rowsOf(rig)).toEqual([cardHex(7), cardHex(8)]);
  });

  test("with a reader that forgets its reply once sent: the copy in the state file is committed", () => {
    const rig = sessionRig(createScriptedReader(5, { key, keepsReplies: false }), config);
    readButNotCommitted(rig);
    rig.readings.length = 0; // nothing reached the disk
    rig.restart();
    rig.commits = "accept";
    rig.until(() => rig.reader.forgotten.length === 1);
    expect(rowsOf(rig)).toEqual([cardHex(7)]);
    expect(rig.session().health().counters["handshakes"] ?? 0).toBe(0);
  });

  test("with its card stored, its reader cut, and killed while the new link shows where the reader is: one row", () => {
    const reader = createScriptedReader(5, { key, outlivesPower: true });
    const rig = sessionRig(reader, config);
    readButNotCommitted(rig);
    reader.reboot();
    rig.commits = "accept";
    rig.session().accepted({ light: "green", text: null }, rig.clock.nowMs);
    const known = reader.commands.length;
    const isAsked = (id: number): boolean =>
      reader.commands.slice(known).some((command) => command.id === id);
    rig.until(() => isAsked(0x61));
    rig
      .session()
      .locate(1)
      .catch(() => undefined);
    rig.onReply = (bytes) => (isAsked(0x69) ? undefined : bytes);
    rig.until(() => isAsked(0x69));
    rig.restart();
    rig.onReply = (bytes) => bytes;
    rig.until(() => reader.forgotten.length === 1);
    expect(rowsOf(rig)).toEqual([cardHex(7)]);
  });

  test("and killed again: the second start leaves what it knows, and not what the first one found", () => {
    const rig = sessionRig(createScriptedReader(5, { key }), config);
    rig.turns(12);
    rig.restart();
    const first = rig.saved()?.exchange ?? 0;
    rig.reader.present(cardEvent(7));
    rig.until(() => rig.readings.length === 1);
    rig.turn();
    const { exchange, unacknowledged } = rig.saved() ?? {};
    expect(exchange).toBeGreaterThan(first);
    expect(unacknowledged).toMatchObject({ hex: cardHex(7) });
  });

  test("goes on in the same line: no second handshake, no SQN 0", () => {
    const rig = sessionRig(createScriptedReader(5, { key }), config);
    rig.turns(20);
    rig.restart();
    const before = rig.reader.heard.length;
    rig.turns(20);
    expect(rig.reader.heard.slice(before).every(({ sqn }) => sqn !== 0)).toBe(true);
    expect(rig.reader.heard.slice(before).every(({ security }) => security?.type !== 0x11)).toBe(
      true,
    );
  });

  test("without its state file (power cut): the link starts over, and what was uncommitted is gone", () => {
    const rig = sessionRig(createScriptedReader(5, { key }), config);
    readButNotCommitted(rig);
    const fresh = sessionRig(rig.reader, config);
    fresh.reader.present(cardEvent(8));
    fresh.until(() => fresh.readings.length === 1);
    // The documented window: SQN 0 makes the reader drop what it held.
    expect(rig.reader.lost).toHaveLength(1);
    expect(rowsOf(fresh)).toEqual([cardHex(8)]);
  });
});

const WHOLE: Pick<SessionRig, "commits" | "onCommand" | "onReply"> = {
  commits: "accept",
  onCommand: (bytes) => bytes,
  onReply: (bytes) => bytes,
};
const nothing = (): undefined => undefined;

/** One turn, disturbed in one way. What a kill or a refusal kept off the disk is taken out of the readings again. */
const DISTURBANCES = {
  "nothing wrong": (rig) => rig.turn(),
  "command lost": (rig) => turnWith(rig, { onCommand: nothing }),
  "reply lost": (rig) => turnWith(rig, { onReply: nothing }),
  "command damaged": (rig, flip) => turnWith(rig, { onCommand: (bytes) => damaged(bytes, flip) }),
  "reply damaged": (rig, flip) => turnWith(rig, { onReply: (bytes) => damaged(bytes, flip) }),
  "commit refused": (rig) => unstored(rig, () => turnWith(rig, { commits: "refuse" })),
  "killed before sending": (rig) => killed(rig, { onCommand: nothing }),
  "killed before the reply": (rig) => killed(rig, { onReply: nothing }),
  "killed before the commit": (rig) => unstored(rig, () => killed(rig, { commits: "hold" })),
  "killed after the commit": (rig) => killed(rig, { commits: "hold" }),
} satisfies Record<string, (rig: SessionRig, flip: number) => void>;

function turnWith(rig: SessionRig, how: Partial<typeof WHOLE>): void {
  Object.assign(rig, how);
  rig.turn();
}

function killed(rig: SessionRig, how: Partial<typeof WHOLE>): void {
  turnWith(rig, how);
  rig.restart();
}

function unstored(rig: SessionRig, turn: () => void): void {
  const before = rig.readings.length;
  turn();
  rig.readings.length = before;
}

describe("any mixture of kills, lost and damaged bytes and refused commits", () => {
  const event = fc.constantFrom(...(Object.keys(DISTURBANCES) as (keyof typeof DISTURBANCES)[]));

  test.each(MODES)("$name: every card gives exactly one row, in order", ({ key, config }) => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 120 }), fc.nat(255), (events, flip) => {
        const rig = sessionRig(createScriptedReader(5, { key }), config);
        rig.turns(12);
        const cards = [1, 2, 3, 4, 5];
        for (const card of cards) rig.reader.present(cardEvent(card));
        for (const what of events) {
          DISTURBANCES[what](rig, flip);
          Object.assign(rig, WHOLE);
        }
        rig.until(() => rig.reader.forgotten.length + rig.reader.lost.length === cards.length);
        expect(rig.reader.lost).toEqual([]);
        expect(rowsOf(rig)).toEqual(cards.map(cardHex));
      }),
      { numRuns: 300 },
    );
  });

  test.each(MODES)(
    "$name: so too with a reader that keeps its cards over cuts of its power",
    (mode) => {
      const kinds = fc.constantFrom(
        ...(Object.keys(DISTURBANCES) as (keyof typeof DISTURBANCES)[]),
      );
      const events = fc.array(fc.oneof(kinds, fc.constant("reader cut" as const)), {
        maxLength: 120,
      });
      fc.assert(
        fc.property(events, fc.nat(255), (happenings, flip) => {
          const reader = createScriptedReader(5, { key: mode.key, outlivesPower: true });
          const rig = sessionRig(reader, mode.config);
          rig.turns(12);
          const cards = [1, 2, 3, 4, 5];
          for (const card of cards) reader.present(cardEvent(card));
          for (const what of happenings) {
            if (what === "reader cut") reader.reboot();
            else DISTURBANCES[what](rig, flip);
            Object.assign(rig, WHOLE);
          }
          rig.until(() => reader.forgotten.length === cards.length);
          expect(reader.lost).toEqual([]);
          expect(rowsOf(rig)).toEqual(cards.map(cardHex));
        }),
        { numRuns: 150 },
      );
    },
  );

  test("a badge number typed in pieces survives a kill between the pieces", () => {
    const rig = sessionRig(createScriptedReader(5), {
      secureChannel: "off",
      keypad: "badge-number",
    });
    for (const keys of ["10", "04", "2#"]) {
      rig.reader.present(keysEvent(keys));
      rig.turns(6);
      rig.restart();
    }
    rig.until(() => rig.reader.forgotten.length === 3);
    expect(rowsOf(rig)).toEqual(["10042"]);
  });
});

/** One bit wrong; the check value tells. */
function damaged(bytes: Uint8Array, flip: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = 1 + (flip % (bytes.length - 1));
  copy[at] = (copy[at] ?? 0) ^ (1 << (flip % 8));
  return copy;
}
