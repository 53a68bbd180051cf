import type { Schema } from "./json-schema.ts";

/** Whether anybody outside may rely on it, by the promise in the API's README. */
export type Stability = "public" | "internal";

export const MSGPACK = "application/msgpack";
export const JSON_TYPE = "application/json";
export const BYTES = "application/octet-stream";

export interface Message {
  readonly title: string;
  readonly summary?: string;
  readonly contentType: string;
  readonly payload: Schema;
  readonly headers?: Schema;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** A subject, what goes over it, and what the cloud does with it. */
export interface Channel {
  readonly name: string;
  /** With `{tenant}` and the like where tokens stand; null for a reply that goes where its request says. */
  readonly address: string | null;
  readonly title: string;
  readonly description: string;
  readonly stability: Stability;
  readonly messages: Readonly<Record<string, Message>>;
  /** JetStream keeps it; the name of the stream. */
  readonly stream?: string;
  /** Undefined for channels of replies, which are part of their request. */
  readonly operation?: Operation;
}

export interface Operation {
  readonly name: string;
  /** As AsyncAPI has it: what the described application, the cloud, does. */
  readonly action: "send" | "receive";
  readonly summary: string;
  /** Name of the channel that the answer goes to. */
  readonly reply?: string;
  /** Of all processes in this queue group one gets it. */
  readonly queue?: string;
}

/** What each `{token}` of an address stands for. */
export const PARAMETERS: Readonly<Record<string, string>> = {
  aggregateId: "Whose events: an employee, a pay run, a request",
  badge: "`card-<bits>-<hex>` or `number-<text>`",
  channel: "How it goes out: email, sms, webhook, in-app",
  consumer: "Durable name of the consumer",
  employeeId: "The person",
  gateway: "The gateway",
  id: "Made up by whoever asks, so that nobody else hears the answer",
  key: "One or several tokens",
  name: "Name of the lease",
  partition: "FNV-1a of tenant and aggregate id, modulo 16; `*` for whoever reads",
  site: "The site",
  tenant: "The tenant: the installation's name for the company",
};

/** The names of the `{tokens}` in an address, in order. */
export const tokensOf = (address: string): string[] =>
  [...address.matchAll(/\{(\w+)\}/gu)].map(([, name]) => name ?? "");

/** A subject with wildcards as an address: each `*` or `>` becomes the next name. */
export function addressOf(subject: string, ...names: readonly string[]): string {
  const left = [...names];
  return subject.replaceAll(/[*>]/gu, () => `{${left.shift() ?? "key"}}`);
}
