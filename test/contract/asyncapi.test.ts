import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import specs from "@asyncapi/specs";
import { CATALOGUE } from "@clockleaf/shared/events/catalogue.ts";
import {
  DOMAINS,
  deadLetterSubject,
  directoryKey,
  eventSubject,
  heartbeatSubject,
  notifySubject,
  resentSubject,
  rosterChangedSubject,
  rosterReadSubject,
  salaryReplySubject,
  salaryRequestSubject,
  segmentSubject,
} from "@clockleaf/shared/subjects.ts";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { describe, expect, it, test } from "vitest";
import { z } from "zod";
import { allChannels, asyncApiDocument } from "../../cloud/api/asyncapi/document.ts";
import { declareTopology, topologyConfigSchema } from "../../cloud/streams/topology.ts";

const SAMPLES = join(import.meta.dirname, "samples");
const document = asyncApiDocument();
const channels = allChannels();

/** Names of the channels whose address takes the subject. */
const channelsOf = (subject: string): string[] =>
  channels
    .filter(({ address }) => {
      const pattern = (address ?? "-")
        .replaceAll(/[.$]/gu, String.raw`\$&`)
        .replaceAll(/\{key\}/gu, ".+")
        .replaceAll(/\{\w+\}/gu, "[^.]+");
      return new RegExp(`^${pattern}$`, "u").test(subject);
    })
    .map(({ name }) => name);

describe("the AsyncAPI document", () => {
  it("is one by the official schema of AsyncAPI 3.0", () => {
    // It brings the schema of schemas itself.
    const ajv = addFormats.default(new Ajv({ strict: false, meta: false, validateSchema: false }));
    const validate = ajv.compile(Object.assign({}, specs.schemas["3.0.0"]) as object);
    const isValid = validate(document);
    expect(validate.errors ?? []).toEqual([]);
    expect(isValid).toBe(true);
    expect(validate({ ...document, channels: { a: { address: 7 } } })).toBe(false);
  });

  it("has every stream and bucket, with its subjects", () => {
    const declared = declareTopology(topologyConfigSchema.parse({})).map(({ name }) => name);
    const told = channels.flatMap(({ stream }) => stream ?? []);
    expect([...new Set(told)].toSorted()).toEqual(declared.toSorted());
  });

  it("has each event of the catalogue as a message of its domain's channel, and no other", () => {
    const told = DOMAINS.flatMap((domain) => {
      const channel = channels.find(({ name }) => name === `${domain}Events`);
      return Object.keys(channel?.messages ?? {}).map((name) => `${domain} ${name}`);
    });
    const known = CATALOGUE.map(({ domain, name }) => `${domain} ${name}`);
    expect(told.toSorted()).toEqual(known.toSorted());
  });

  const gateway = { tenant: "acme", site: "hq", gateway: "gw1" };
  it.each([
    [eventSubject({ domain: "leave", tenant: "acme", aggregateId: "e-1" }), "leaveEvents"],
    [segmentSubject(gateway), "segments"],
    [resentSubject(gateway), "resentSegments"],
    [heartbeatSubject(gateway), "heartbeats"],
    [rosterReadSubject("acme", "hq"), "rosterRead"],
    [rosterChangedSubject("acme", "hq"), "rosterChanged"],
    [salaryRequestSubject("acme"), "salaryRequest"],
    [salaryReplySubject("r-1"), "salaryReply"],
    [notifySubject("acme", "email"), "notificationTasks"],
    [deadLetterSubject("payroll"), "deadLetters"],
    [`$KV.directory.${directoryKey("acme", "hq", "number-1")}`, "directoryBucket"],
  ])("has the subject %s in one channel", (subject, name) => {
    expect(channelsOf(subject)).toEqual([name]);
  });
});

const namedSchema = z.object({ payload: z.record(z.string(), z.unknown()) });
const componentsSchema = z.object({
  messages: z.record(z.string(), namedSchema),
  schemas: z.record(z.string(), z.record(z.string(), z.unknown())),
});

/** References lead from the document on. */
const placed = (schema: unknown): object =>
  z
    .record(z.string(), z.unknown())
    .parse(
      JSON.parse(
        JSON.stringify(schema).replaceAll('"#/components/', '"asyncapi.json#/components/'),
      ),
    );

describe("a message of the AsyncAPI document", () => {
  const components = componentsSchema.parse(document["components"]);
  const ajv = addFormats.default(new Ajv({ strict: false, formats: { binary: true } }));
  ajv.addSchema({ $id: "asyncapi.json", components });
  const payloadOf = (name: string): ValidateFunction =>
    ajv.compile(placed(components.messages[name]?.payload));

  test.each(CATALOGUE)("$name takes a stored event, sealed or not, and no other", (definition) => {
    const { type, version, name, personal = {} } = definition;
    const file = readdirSync(SAMPLES).find((each) => each === `${type}@${version}.json`) ?? "";
    const sample = z
      .object({ metadata: z.looseObject({}), data: z.record(z.string(), z.unknown()) })
      .parse(JSON.parse(readFileSync(join(SAMPLES, file), "utf8")));
    const validate = payloadOf(name);
    validate(sample);
    expect(validate.errors ?? []).toEqual([]);
    const open = Object.entries(sample.data).filter(([field]) => !(field in personal));
    expect(validate({ ...sample, data: Object.fromEntries(open), sealed: "bytes" })).toBe(true);
    const metadata = { ...sample.metadata, eventType: "audit.other.happened" };
    expect(validate({ ...sample, metadata })).toBe(false);
    expect(validate({ data: sample.data })).toBe(false);
  });
});
