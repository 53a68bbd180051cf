import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CATALOGUE, parseEvent } from "@clockleaf/shared/events/catalogue.ts";
import type { EventDefinition } from "@clockleaf/shared/events/envelope.ts";
import { UPCASTERS } from "@clockleaf/shared/events/upcasters.ts";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { contractOf, contractSchema, judge } from "./event-contract.ts";
import { sampleOf } from "./sample.ts";

const EVENTS = join(import.meta.dirname, "events");
const SAMPLES = join(import.meta.dirname, "samples");
const isWriting = process.env["EVENT_CONTRACTS"] === "write";
const HOW = "EVENT_CONTRACTS=write make test ARGS=test/contract";

const read = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));
function write(file: string, value: unknown): void {
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

const sampleFile = ({ type, version }: Pick<EventDefinition, "type" | "version">): string =>
  join(SAMPLES, `${type}@${version}.json`);

function newSample(definition: EventDefinition): unknown {
  const { type, version } = definition;
  return {
    metadata: {
      eventId: "0e1cbe2b-5f0a-4b7e-8f2c-3f1d2a4b5c6d",
      eventType: type,
      timestamp: 1_768_204_800_000,
      version,
      source: "test/contract",
      correlationId: null,
      causationId: null,
    },
    data: sampleOf(contractOf(definition).schema),
  };
}

describe("an event that was promised", () => {
  test.each(CATALOGUE)("$name is kept as it was promised", (definition) => {
    const file = join(EVENTS, `${definition.name}.json`);
    const now = contractOf(definition);
    if (existsSync(file)) {
      const verdict = judge(contractSchema.parse(read(file)), now, UPCASTERS);
      if (verdict.kind === "incompatible") expect.fail(verdict.reasons.join("\n"));
      if (verdict.kind === "compatible" && !isWriting) {
        expect.fail(`nothing is lost, but the contract is not written down: ${HOW}`);
      }
    } else if (!isWriting) {
      expect.fail(`there is no contract yet: ${HOW}`);
    }
    if (isWriting) write(file, now);
  });

  test.each(CATALOGUE)("$name has a sample of its version", (definition) => {
    const file = sampleFile(definition);
    // Never written again: it stands for the events that were stored when it was made.
    if (isWriting && !existsSync(file)) {
      const sample = newSample(definition);
      parseEvent(z.object({ metadata: z.unknown(), data: z.unknown() }).parse(sample));
      write(file, sample);
    }
    expect(existsSync(file) ? "a sample" : `no sample: ${HOW}`).toBe("a sample");
  });

  test("is still in the catalogue", () => {
    const names = new Set(CATALOGUE.map(({ name }) => `${name}.json`));
    expect(readdirSync(EVENTS).filter((file) => !names.has(file))).toEqual([]);
  });

  test.each(existsSync(SAMPLES) ? readdirSync(SAMPLES) : [])("is read for ever: %s", (file) => {
    const sample = z
      .object({ metadata: z.unknown(), data: z.unknown() })
      .parse(read(join(SAMPLES, file)));
    const event = parseEvent(sample);
    expect(file.startsWith(`${event.metadata.eventType}@`)).toBe(true);
  });
});
