import { z } from "zod";
import { tokenSchema } from "../subjects.ts";

/** Requests on `gatewayCommandSubject(…, verb)` that are about one reader of a gateway. */
export const readerCommandSchema = z.object({
  reader: tokenSchema,
  /** Names the command in the logs of both sides. */
  commandId: z.string().min(1).max(64),
  /** Who wants it, for the gateway's log. */
  by: z.string().max(128),
  /** Of `locate`: how long. */
  seconds: z.int().min(1).max(60).default(10),
});
export type ReaderCommand = z.output<typeof readerCommandSchema>;

export const READER_COMMAND_RESULTS = [
  /** The reader did it, or its line runs again. */
  "done",
  /** The gateway has no such reader. */
  "unknown-reader",
  /** This kind of reader cannot do it. */
  "unsupported",
  /** The reader does not answer the gateway just now. */
  "reader-offline",
  /** Another command for the reader is under way. */
  "busy",
  /** It was tried and did not work, or not in time. */
  "failed",
  /** The gateway cannot read the request. */
  "malformed",
] as const;
export type ReaderCommandResult = (typeof READER_COMMAND_RESULTS)[number];

export const readerCommandReplySchema = z.object({
  result: z.enum(READER_COMMAND_RESULTS),
  /** For people: what happened, or what to do. */
  detail: z.string().max(300),
});
export type ReaderCommandReply = z.output<typeof readerCommandReplySchema>;
