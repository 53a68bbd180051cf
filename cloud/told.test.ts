import { CATALOGUE, definitionOf } from "@clockleaf/shared/events/catalogue.ts";
import { secretsIn } from "@clockleaf/shared/events/secrets.ts";
import { eventSubject } from "@clockleaf/shared/subjects.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventsOf } from "../test/support/event-arbitrary.ts";
import { hidingSecrets } from "./audit/history.ts";
import type { StoredEvent } from "./eventing/event-store.ts";
import { TOLD_AGGREGATES } from "./told.ts";

const typesOf = TOLD_AGGREGATES.flatMap(({ types }) => types);

describe("what the audit log tells of aggregates", () => {
  it("covers every event but the log's own, each by one kind", () => {
    const catalogued = CATALOGUE.filter(({ domain }) => domain !== "audit").map(({ type }) => type);
    expect(typesOf.toSorted()).toEqual(catalogued.toSorted());
    const kinds = TOLD_AGGREGATES.map(({ kind }) => kind);
    expect(new Set(kinds).size).toBe(kinds.length);
  });

  it.each(TOLD_AGGREGATES)("is plain JSON for $kind, whatever its events say", (aggregate) => {
    const one = fc.oneof(...aggregate.types.map((type) => eventsOf(definitionOf(type))));
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 6 }), (events) => {
        const replay = aggregate.begin();
        for (const event of events) {
          const stored = storedOf(event);
          expect(aggregate.partOf(stored)).toBeTypeOf("string");
          replay.apply(stored);
          const shown = replay.show(stored);
          // As it arrives: nothing is lost on the way, no map and nothing undefined.
          expect(JSON.parse(JSON.stringify(shown))).toEqual(shown);
        }
      }),
      { numRuns: 50 },
    );
  });

  const withSecrets = TOLD_AGGREGATES.filter(({ types }) =>
    types.some((type) => secretsIn(definitionOf(type).data).length > 0),
  );

  it("has somebody whose secrets to keep", () => {
    expect(withSecrets.map(({ kind }) => kind)).toEqual(["badge", "access"]);
  });

  it.each(withSecrets)("never holds a secret of $kind, in any state", (aggregate) => {
    const one = fc.oneof(...aggregate.types.map((type) => eventsOf(definitionOf(type))));
    let seen = 0;
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 6 }), (events) => {
        const bare = aggregate.begin();
        const replay = aggregate.begin();
        for (const event of events) {
          bare.apply(storedOf(event));
          const hidden = hidingSecrets(storedOf(event));
          replay.apply(hidden);
          const shown = JSON.stringify([replay.show(hidden), hidden.event.data]);
          expect(shown).not.toMatch(HASH);
          if (HASH.test(JSON.stringify(bare.show(storedOf(event))))) seen += 1;
        }
      }),
      { numRuns: 100 },
    );
    // Without the hiding they would have been there.
    expect(seen).toBeGreaterThan(0);
  });
});

/** What hashes of keys and PINs look like. */
const HASH = /"[0-9a-f]{64}"/;

const storedOf = (event: StoredEvent["event"]): StoredEvent => ({
  seq: 1,
  subject: eventSubject({ domain: "employee", tenant: "acme", aggregateId: "x" }),
  event,
  traceparent: undefined,
});
