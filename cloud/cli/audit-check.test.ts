import { auditRecorded } from "@clockleaf/shared/events/audit.ts";
import { eventSubject } from "@clockleaf/shared/subjects.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  type AuditEntry,
  entryOf,
  hashOfEntry,
  logAddress,
  metadataOfEntry,
  NO_HASH,
  subjectOf,
} from "../audit/entry.ts";
import { deriveEventId } from "../eventing/event-id.ts";
import {
  checkAudit,
  type Fault,
  type Head,
  type StoredBytes,
  type Verdict,
} from "./audit-check.ts";

const SEED = 20261130;
/** Mutations of each kind; more by `AUDIT_RUNS`. */
const RUNS = Number(process.env["AUDIT_RUNS"] ?? 150);
const TENANT = "acme";
const STREAMS = ["EMPLOYEE", "LEAVE", "PAYROLL"] as const;
const DOMAINS = { EMPLOYEE: "employee", LEAVE: "leave", PAYROLL: "payroll" } as const;
type Stream = (typeof STREAMS)[number];

interface World {
  readonly log: readonly StoredBytes[];
  readonly streams: ReadonlyMap<Stream, readonly StoredBytes[]>;
}

/** Some events of two tenants, some of them no events at all, and the log of one tenant as it should be. */
const worlds = fc
  .array(
    fc.record({
      stream: fc.constantFrom(...STREAMS),
      tenant: fc.constantFrom(TENANT, TENANT, TENANT, "other"),
      person: fc.integer({ min: 1, max: 3 }),
      text: fc.string({ maxLength: 12, unit: "binary" }),
      isEvent: fc.boolean(),
      actor: fc.option(fc.constantFrom("clerk", "Ayşe Ö."), { nil: undefined }),
    }),
    { minLength: 2, maxLength: 24 },
  )
  .map((events): World => {
    const streams = new Map(STREAMS.map((name) => [name, new Array<StoredBytes>()] as const));
    const log: StoredBytes[] = [];
    let last: { entry: number; hash: string } = { entry: 0, hash: NO_HASH };
    for (const [index, { stream, tenant, person, text, isEvent, actor }] of events.entries()) {
      const messages = streams.get(stream) ?? [];
      const aggregateId = `e-${person}`;
      const message = {
        seq: messages.length + 1,
        subject: eventSubject({ domain: DOMAINS[stream], tenant, aggregateId }),
        data: isEvent ? eventBytes(index, text) : Buffer.from(`no event ${index} ${text}`),
        storedAtMs: 1_000 + index,
        actor,
      };
      messages.push(message);
      if (tenant !== TENANT) continue;
      const entry = entryOf(last, subjectOf({ ...message, stream }));
      log.push(logMessage(log.length + 1, entry));
      last = entry;
    }
    return { log, streams };
  })
  .filter(({ log }) => log.length >= 2);

const eventBytes = (index: number, text: string): Uint8Array =>
  encode({
    metadata: {
      eventId: deriveEventId("test", String(index)),
      eventType: "test.thing.happened",
      timestamp: 1_000 + index,
      version: "1.0",
      source: "test",
      correlationId: text.length > 4 ? `c-${index}` : null,
      causationId: null,
    },
    data: { text },
  });

function logMessage(seq: number, entry: AuditEntry): StoredBytes {
  return {
    seq,
    subject: eventSubject(logAddress(TENANT)),
    data: encode({ metadata: metadataOfEntry(entry), data: entry }),
    storedAtMs: 0,
  };
}

function check({ log, streams }: World, head?: Head): Verdict {
  const audit = checkAudit(TENANT, head);
  for (const message of log) audit.entry(message);
  for (const [stream, messages] of streams) {
    for (const message of messages) audit.event(stream, message);
  }
  return audit.verdict();
}

const headOf = (verdict: Verdict): Head => ({ size: verdict.entries, rootHash: verdict.rootHash });

const isOurs = ({ subject }: StoredBytes): boolean => subject.includes(`.${TENANT}.`);

/** A log as it would be written for other streams: what somebody makes who may write everything. */
function rewritten(streams: World["streams"]): StoredBytes[] {
  const log: StoredBytes[] = [];
  let last: { entry: number; hash: string } = { entry: 0, hash: NO_HASH };
  for (const [stream, messages] of streams) {
    for (const message of messages.filter(isOurs)) {
      const entry = entryOf(last, subjectOf({ ...message, stream }));
      log.push(logMessage(log.length + 1, entry));
      last = entry;
    }
  }
  return log;
}

const LOG = "AUDIT";
const entrySchema = z.object({ metadata: z.unknown(), data: auditRecorded.data });
const readEntry = ({ data }: StoredBytes) => decode(data, entrySchema, { what: "entry" });
const withData = (message: StoredBytes, body: unknown): StoredBytes => ({
  ...message,
  data: encode(body),
});

interface Mutated {
  readonly world: World;
  /** Where the first fault must be found: stream and sequence. */
  readonly at: string;
}
type Mutation = (world: World, pick: number, other: number) => Mutated | undefined;

/** Sequences as a stream that was written anew would have them. */
const renumbered = (messages: readonly StoredBytes[]): StoredBytes[] =>
  messages.map((message, index) => ({ ...message, seq: index + 1 }));

const inLog = (world: World, log: readonly StoredBytes[], seq: number): Mutated => ({
  world: { ...world, log },
  at: `${LOG} ${seq}`,
});

/** Edits of single fields; the second parameter makes each differ from what was there. */
const FIELD_EDITS: ReadonlyArray<(entry: AuditEntry) => Partial<AuditEntry>> = [
  ({ at }) => ({ at: at + 1 }),
  ({ source }) => ({ source: `${source}x` }),
  ({ correlationId }) => ({ correlationId: correlationId === null ? "x" : null }),
  ({ causationId }) => ({ causationId: causationId === null ? "x" : null }),
  ({ bytesHash }) => ({
    bytesHash: bytesHash.startsWith("0") ? `1${bytesHash.slice(1)}` : `0${bytesHash.slice(1)}`,
  }),
  ({ eventType }) => ({ eventType: `${eventType}x` }),
  ({ aggregateId }) => ({ aggregateId: `${aggregateId}x` }),
  ({ subject }) => ({ subject: `${subject}x` }),
  ({ entry }) => ({ entry: entry + 1 }),
  ({ streamSeq }) => ({ streamSeq: streamSeq + 100 }),
  ({ hash }) => ({ hash: hash.startsWith("0") ? `1${hash.slice(1)}` : `0${hash.slice(1)}` }),
  () => ({ eventId: deriveEventId("forged") }),
];

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  "an entry dropped from the middle of the log": (world, pick) => {
    const at = pick % (world.log.length - 1);
    return inLog(world, world.log.toSpliced(at, 1), at + 2);
  },
  "an entry edited": (world, pick, other) => {
    const at = pick % world.log.length;
    const message = world.log[at];
    const edit = FIELD_EDITS[other % FIELD_EDITS.length];
    if (message === undefined || edit === undefined) return undefined;
    const body = readEntry(message);
    const edited = withData(message, { ...body, data: { ...body.data, ...edit(body.data) } });
    return inLog(world, world.log.with(at, edited), at + 1);
  },
  "an entry edited, with a hash that fits": (world, pick) => {
    const at = pick % world.log.length;
    const message = world.log[at];
    if (message === undefined) return undefined;
    const { data } = readEntry(message);
    const edited = { ...data, source: `${data.source}x` };
    const forged = logMessage(message.seq, { ...edited, hash: hashOfEntry(edited) });
    const log = world.log.with(at, forged);
    // The next entry gives it away; the last one is given away by its event.
    if (at + 1 < log.length) return inLog(world, log, at + 2);
    return { world: { ...world, log }, at: `${data.stream} ${data.streamSeq}` };
  },
  "metadata of an entry edited": (world, pick) => {
    const at = pick % world.log.length;
    const message = world.log[at];
    if (message === undefined) return undefined;
    const { data } = readEntry(message);
    const metadata = { ...metadataOfEntry(data), timestamp: data.at + 1 };
    return inLog(world, world.log.with(at, withData(message, { metadata, data })), at + 1);
  },
  "a field added to an entry": (world, pick) => {
    const at = pick % world.log.length;
    const message = world.log[at];
    if (message === undefined) return undefined;
    const body = readEntry(message);
    const more = withData(message, { ...body, data: { ...body.data, note: "x" } });
    return inLog(world, world.log.with(at, more), at + 1);
  },
  "two entries exchanged": (world, pick) => {
    const at = pick % (world.log.length - 1);
    const [first, second] = world.log.slice(at, at + 2);
    if (first === undefined || second === undefined) return undefined;
    const log = renumbered(world.log.toSpliced(at, 2, second, first));
    return inLog(world, log, at + 1);
  },
  "an entry repeated": (world, pick) => {
    const at = pick % world.log.length;
    const message = world.log[at];
    if (message === undefined) return undefined;
    return inLog(world, renumbered(world.log.toSpliced(at, 0, message)), at + 2);
  },
  "bytes that are no entry put into the log": (world, pick) => {
    const at = pick % world.log.length;
    const junk = { seq: 0, subject: "", data: Buffer.from("junk"), storedAtMs: 0 };
    return inLog(world, renumbered(world.log.toSpliced(at, 0, junk)), at + 1);
  },
  "an event changed by one bit": (world, pick, other) => {
    const place = recordedEvent(world, pick);
    if (place === undefined) return undefined;
    const data = Buffer.from(place.message.data);
    const byte = other % data.length;
    data.writeUInt8(data.readUInt8(byte) ^ (1 << (other % 8)), byte);
    return inStream(world, place, [{ ...place.message, data }]);
  },
  "an event dropped": (world, pick) => {
    const place = recordedEvent(world, pick);
    return place && inStream(world, place, []);
  },
  "an event dropped and the stream numbered anew": (world, pick) => {
    const place = recordedEvent(world, pick);
    if (place === undefined) return undefined;
    const { stream, index } = place;
    const messages = renumbered((world.streams.get(stream) ?? []).toSpliced(index, 1));
    const streams = new Map(world.streams).set(stream, messages);
    return { world: { ...world, streams }, at: `${stream} *` };
  },
  "an event put in": (world, pick) => {
    const place = recordedEvent(world, pick);
    if (place === undefined) return undefined;
    const { stream, index, message } = place;
    const planted = { ...message, data: eventBytes(1_000, "planted") };
    const messages = renumbered((world.streams.get(stream) ?? []).toSpliced(index, 0, planted));
    return {
      world: { ...world, streams: new Map(world.streams).set(stream, messages) },
      at: `${stream} ${index + 1}`,
    };
  },
  "two events exchanged": (world, pick) => {
    const place = recordedEvent(world, pick);
    if (place === undefined) return undefined;
    const { stream, index, message } = place;
    const messages = world.streams.get(stream) ?? [];
    const next = messages[index + 1];
    if (next === undefined || Buffer.compare(next.data, message.data) === 0) return undefined;
    const swapped = renumbered(messages.toSpliced(index, 2, next, message));
    return {
      world: { ...world, streams: new Map(world.streams).set(stream, swapped) },
      at: `${stream} ${index + 1}`,
    };
  },
  "a recorded event moved to another person": (world, pick) => {
    const place = recordedEvent(world, pick);
    if (place === undefined) return undefined;
    const { stream } = place;
    const subject = eventSubject({ domain: DOMAINS[stream], tenant: TENANT, aggregateId: "e-9" });
    return inStream(world, place, [{ ...place.message, subject }]);
  },
  "a stream cut off": (world, pick) => {
    const place = recordedEvent(world, pick);
    if (place === undefined) return undefined;
    const { stream, index } = place;
    const messages = (world.streams.get(stream) ?? []).slice(0, index);
    return {
      world: { ...world, streams: new Map(world.streams).set(stream, messages) },
      at: `${stream} ${index + 1}`,
    };
  },
};

interface Place {
  readonly stream: Stream;
  readonly index: number;
  readonly message: StoredBytes;
}

/** One of the events that the log tells of. */
function recordedEvent({ streams }: World, pick: number): Place | undefined {
  const places = [...streams].flatMap(([stream, messages]) =>
    messages
      .map((message, index) => ({ stream, index, message }))
      .filter(({ message }) => isOurs(message)),
  );
  return places[pick % places.length];
}

function inStream(world: World, place: Place, instead: readonly StoredBytes[]): Mutated {
  const { stream, index, message } = place;
  const messages = (world.streams.get(stream) ?? []).toSpliced(index, 1, ...instead);
  const streams = new Map(world.streams).set(stream, messages);
  return { world: { ...world, streams }, at: `${stream} ${message.seq}` };
}

const placeOf = (fault: Fault | undefined): string => `${fault?.stream} ${fault?.seq}`;

describe(`the check of the audit log (seed ${SEED})`, () => {
  it("finds nothing wrong where nothing is", () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const verdict = check(world);
        expect(verdict.faults).toEqual([]);
        expect(verdict.waiting).toBe(0);
        expect(verdict.events).toBe(world.log.length);
        expect(check(world, headOf(verdict)).faultsTotal).toBe(0);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it.each(Object.entries(MUTATIONS))("finds and locates %s", (_, mutate) => {
    let tried = 0;
    fc.assert(
      fc.property(worlds, fc.nat(), fc.nat(), (world, pick, other) => {
        const mutated = mutate(world, pick, other);
        if (mutated === undefined) return;
        tried += 1;
        const { faults } = check(mutated.world);
        const at = mutated.at.endsWith("*") ? `${faults[0]?.stream} *` : placeOf(faults[0]);
        expect(at).toBe(mutated.at);
      }),
      { seed: SEED, numRuns: RUNS },
    );
    expect(tried).toBeGreaterThan(RUNS / 2);
  });

  it("finds by a head kept from earlier what was cut off or written anew in log and streams alike", () => {
    fc.assert(
      fc.property(worlds, fc.nat(), (world, pick) => {
        const head = headOf(check(world));
        const cut = { ...world, log: world.log.slice(0, pick % world.log.length) };
        expect(check(cut).faultsTotal).toBe(0);
        expect(check(cut, head).faults.at(0)?.kind).toBe("wrong-head");

        const place = recordedEvent(world, pick);
        if (place === undefined) return;
        const messages = world.streams.get(place.stream) ?? [];
        const forged = { ...place.message, data: eventBytes(1_000, "forged") };
        const streams = new Map(world.streams).set(
          place.stream,
          messages.with(place.index, forged),
        );
        const anew = { streams, log: rewritten(streams) };
        expect(check(anew).faultsTotal).toBe(0);
        expect(check(anew, head).faults.at(0)?.kind).toBe("wrong-head");
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it("is told of events that wait for their entry, which is no fault", () => {
    const [world] = fc.sample(worlds, { seed: SEED, numRuns: 1 });
    if (world === undefined) throw new Error("no world");
    const stream = "LEAVE";
    const messages = world.streams.get(stream) ?? [];
    const subject = eventSubject({ domain: "leave", tenant: TENANT, aggregateId: "e-1" });
    const fresh = { seq: messages.length + 1, subject, data: eventBytes(99, ""), storedAtMs: 1 };
    const streams = new Map(world.streams).set(stream, [...messages, fresh]);
    expect(check({ ...world, streams })).toMatchObject({ waiting: 1, faultsTotal: 0 });
  });
});
