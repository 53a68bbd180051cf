import { readFileSync } from "node:fs";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { z } from "zod";
import type { RegistryConfig } from "./config.ts";
import { ask, type RegistryAnswer, type RegistryRequest, type RegistryServer } from "./http.ts";

/**
 * A schema registry that speaks Confluent's API. Subjects follow TopicRecordNameStrategy: many record types in a topic, each
 * compatible with its own past.
 *
 * Every method rejects with `bridge.unreachable` (away, or answers what no registry does) and with `bridge.refused`
 * (the credentials).
 */
export interface SchemaRegistry {
  /**
   * The id to frame records of this type with. Registers the schema, and sets its subject to FULL_TRANSITIVE, the first time
   * a subject is asked for; each schema once in a process, a failure is tried again. Rejects with `bridge.schema-refused`
   * if the registry takes it for incompatible or invalid.
   */
  idOf(topic: string, schema: RegisteredSchema): Promise<number>;
  /** The text of the schema that a record was written by. Rejects with `bridge.schema-refused` for one that is unknown. Apicurio 3.3.3 finds none by its GUID. */
  textOf(schema: SchemaAddress): Promise<string>;
}

/** As an `EventCodec` has it. The text has to be the same each time: some registries take another spelling for another schema. */
export interface RegisteredSchema {
  readonly fullName: string;
  readonly schemaText: string;
}

/** As a framed record names it. */
export type SchemaAddress =
  | { readonly kind: "id"; readonly id: number }
  | { readonly kind: "guid"; readonly guid: string };

/** `<topic>-<namespace>.<Name>` */
export const subjectOf = (topic: string, fullName: string): string => `${topic}-${fullName}`;

const COMPATIBILITY = "FULL_TRANSITIVE";
const MAX_ID = 0xff_ff_ff_ff;
const MAX_WORDS = 500;
const MAX_TEXTS = 1000;

const registeredSchema = z.object({ id: z.int().min(0).max(MAX_ID) });
const textSchema = z.object({ schema: z.string().min(1) });
/** Confluent's name of the field, and that of older registries. */
const levelSchema = z.union([
  z.object({ compatibility: z.string() }),
  z.object({ compatibilityLevel: z.string() }),
]);
const refusalSchema = z.object({ message: z.string() });

/** Reads the files that the configuration names; throws `config.unreadable` for one it cannot read. Opens nothing yet. */
export function openRegistry(config: RegistryConfig): SchemaRegistry {
  const server = serverOf(config);
  const ids = new Map<string, Promise<number>>();
  const texts = new Map<string, Promise<string>>();

  const askAs = async <S extends z.ZodType>(
    request: RegistryRequest,
    schema: S,
    about: string,
  ): Promise<z.output<S>> => {
    const answer = await ask(server, request);
    if (answer.status !== 200) {
      throw errorOf(answer, { server, user: config.user, about, path: request.path });
    }
    return parsed(answer, schema, server);
  };

  const setLevel = async (subject: string): Promise<void> => {
    const path = `/config/${encodeURIComponent(subject)}`;
    const body = { compatibility: COMPATIBILITY };
    await askAs({ method: "PUT", path, body }, levelSchema, subject);
  };

  const register = async (subject: string, text: string): Promise<number> => {
    const path = `/subjects/${encodeURIComponent(subject)}/versions`;
    const request: RegistryRequest = { method: "POST", path, body: { schema: text } };
    // Apicurio knows no rules for a subject that has no schema yet.
    const isLevelSet = await setLevel(subject).then(
      () => true,
      (error: unknown) => {
        if (isUnknown(error)) return false;
        throw error;
      },
    );
    const { id } = await askAs(request, registeredSchema, subject);
    if (!isLevelSet) await setLevel(subject);
    return id;
  };

  return {
    idOf: (topic, { fullName, schemaText }) => {
      const subject = subjectOf(topic, fullName);
      return once(ids, `${subject} ${schemaText}`, () => register(subject, schemaText));
    },
    textOf: (address) => {
      const isId = address.kind === "id";
      const path = isId ? `/schemas/ids/${address.id}` : `/schemas/guids/${address.guid}`;
      if (texts.size >= MAX_TEXTS) texts.clear();
      return once(texts, path, async () => {
        const about = isId ? `schema ${address.id}` : `schema ${address.guid}`;
        return (await askAs({ method: "GET", path }, textSchema, about)).schema;
      });
    },
  };
}

/** Whoever asks while it is being asked gets the same answer; a failure is forgotten. */
async function once<T>(
  known: Map<string, Promise<T>>,
  key: string,
  work: () => Promise<T>,
): Promise<T> {
  const going = known.get(key);
  if (going !== undefined) return going;
  const started = work();
  known.set(key, started);
  try {
    return await started;
  } catch (error) {
    if (known.get(key) === started) known.delete(key);
    throw error;
  }
}

function serverOf({ url, user, passwordFile, caFile, timeout }: RegistryConfig): RegistryServer {
  const password = passwordFile === undefined ? undefined : read(passwordFile).trim();
  const credentials = Buffer.from(`${user}:${password}`).toString("base64");
  return {
    url,
    timeoutMs: timeout * 1000,
    ...(password === undefined ? {} : { authorization: `Basic ${credentials}` }),
    ...(caFile === undefined ? {} : { ca: read(caFile) }),
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new PlatformError("config.unreadable", `cannot read ${file}`, { cause: error });
  }
}

function parsed<S extends z.ZodType>(
  { body }: RegistryAnswer,
  schema: S,
  server: RegistryServer,
): z.output<S> {
  const result = schema.safeParse(jsonOf(body));
  if (result.success) return result.data;
  throw notARegistry(server, "answers what no schema registry does", result.error);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Whatever it is, no schema takes it.
  }
}

const NOT_FOUND = 404;

/** The registry's word for "no such subject" or "no such schema", apart from a wrong URL. */
const isUnknown = (error: unknown): boolean =>
  error instanceof PlatformError && error.details["status"] === NOT_FOUND;

interface Asked {
  readonly server: RegistryServer;
  readonly user: string | undefined;
  /** The subject or the schema. */
  readonly about: string;
  readonly path: string;
}

function errorOf(
  { status, body }: RegistryAnswer,
  { server, user, about, path }: Asked,
): PlatformError {
  const details = { server: server.url, status };
  const said = refusalSchema.safeParse(jsonOf(body));
  const words = said.success ? said.data.message.slice(0, MAX_WORDS) : `status ${status}`;
  switch (status) {
    case 401:
    case 403: {
      const who = user === undefined ? "without a user" : `as ${user}`;
      const advice =
        status === 401
          ? "check user and passwordFile"
          : "give the user the right to register schemas and to set their compatibility";
      return new PlatformError(
        "bridge.refused",
        `schema registry ${server.url} refuses us ${who} (${status}): ${advice}`,
        { details: { ...details, user } },
      );
    }
    case 404:
      if (!said.success) return notARegistry(server, `knows no ${path}: check the url`);
      return schemaRefused(about, words, details);
    case 409:
    case 422:
      return schemaRefused(about, words, details);
    case 408:
    case 429:
      return later(server, status);
    default:
      if (status >= 500) return later(server, status);
      return notARegistry(server, `answers with status ${status}`);
  }
}

const schemaRefused = (
  about: string,
  words: string,
  details: Readonly<Record<string, unknown>>,
): PlatformError =>
  new PlatformError("bridge.schema-refused", `the schema registry refuses ${about}: ${words}`, {
    details: { ...details, about },
  });

const later = (server: RegistryServer, status: number): PlatformError =>
  new PlatformError("bridge.unreachable", `schema registry ${server.url}: status ${status}`, {
    retriable: true,
    details: { server: server.url, status },
  });

const notARegistry = (server: RegistryServer, why: string, cause?: unknown): PlatformError =>
  new PlatformError("bridge.unreachable", `schema registry ${server.url} ${why}`, {
    details: { server: server.url },
    ...(cause === undefined ? {} : { cause }),
  });
