import {
  DEAD_LETTER_SUBJECTS,
  type GatewayAddress,
  gatewayCommandSubject,
  heartbeatSubject,
  LETTER_RETRIED_SUBJECTS,
  LETTER_RETRY_SUBJECTS,
  NOTIFY_SUBJECTS,
  resentSubject,
  rosterChangedSubject,
  rosterReadSubject,
  SALARY_REPLY_SUBJECTS,
  STREAMS,
  salaryRequestSubject,
  segmentSubject,
} from "@clockleaf/shared/subjects.ts";
import {
  heartbeatSchema,
  resendReplySchema,
  resendRequestSchema,
} from "@clockleaf/shared/wire/heartbeat.ts";
import { rosterPageSchema, rosterRequestSchema } from "@clockleaf/shared/wire/roster.ts";
import {
  salaryProblemSchema,
  salaryRequestSchema,
  salarySchema,
} from "@clockleaf/shared/wire/salary.ts";
import { DEAD_LETTER_HEADERS } from "../../eventing/dead-letter.ts";
import { retryReplySchema, retryRequestSchema } from "../../eventing/letter-retry.ts";
import { addressOf, BYTES, type Channel, JSON_TYPE, MSGPACK } from "./channel.ts";
import { type Schema, schemaOf } from "./json-schema.ts";

const GATEWAY: GatewayAddress = { tenant: "{tenant}", site: "{site}", gateway: "{gateway}" };
const ANYTHING: Schema = { description: "An internal form; it may change with any release" };

/** Subjects between gateways and the cloud, between its processes, and for whoever asks payroll. */
export const exchangeChannels = (): Channel[] => [
  ...segmentChannels(),
  ...gatewayChannels(),
  ...rosterChannels(),
  ...salaryChannels(),
  ...queueChannels(),
  ...retryChannels(),
];

const SEGMENT = {
  title: "Signed segment of a journal",
  contentType: MSGPACK,
  headers: {
    type: "object",
    properties: {
      traceparent: { type: "string", description: "W3C Trace Context of its first row" },
      "Nats-Expected-Last-Subject-Sequence": {
        type: "string",
        description: "Sequence of the segment before: the guard against a second writer",
      },
    },
  },
  payload: {
    type: "array",
    minItems: 2,
    maxItems: 2,
    items: { type: "string", format: "binary" },
    description:
      "`[body, signature]`: the body as msgpack, Ed25519 over it (shared/wire/segment.ts)",
  },
} as const;

const segmentChannels = (): Channel[] => [
  {
    name: "segments",
    address: segmentSubject(GATEWAY),
    title: "Punches of a gateway",
    description: "Contiguous, hash-chained, signed ranges of the gateway's journal.",
    stability: "internal",
    stream: STREAMS.clock,
    messages: { Segment: SEGMENT },
    operation: {
      name: "receiveSegments",
      action: "receive",
      summary: "Take in what readers recorded",
    },
  },
  {
    name: "resentSegments",
    address: resentSubject(GATEWAY),
    title: "Punches sent again",
    description: "Ranges that the cloud asked for again.",
    stability: "internal",
    stream: STREAMS.clock,
    messages: { Segment: SEGMENT },
    operation: {
      name: "receiveResentSegments",
      action: "receive",
      summary: "Take in what was missing",
    },
  },
];

const gatewayChannels = (): Channel[] => [
  {
    name: "heartbeats",
    address: heartbeatSubject(GATEWAY),
    title: "Heartbeat of a gateway",
    description: "Not stored: the newest one is all that counts.",
    stability: "internal",
    messages: {
      Heartbeat: { title: "Heartbeat", contentType: MSGPACK, payload: schemaOf(heartbeatSchema) },
    },
    operation: { name: "receiveHeartbeats", action: "receive", summary: "Hear how gateways fare" },
  },
  {
    name: "resendCommand",
    address: gatewayCommandSubject(GATEWAY, "resend"),
    title: "Have rows sent again",
    description: "Asks a gateway to publish rows of its journal again.",
    stability: "internal",
    messages: {
      ResendRequest: {
        title: "Which rows",
        contentType: MSGPACK,
        payload: schemaOf(resendRequestSchema),
      },
    },
    operation: {
      name: "askForRows",
      action: "send",
      summary: "Ask for rows that are missing",
      reply: "resendReply",
    },
  },
  {
    name: "resendReply",
    address: null,
    title: "Whether they come",
    description: "Goes to the inbox that the request names.",
    stability: "internal",
    messages: {
      ResendReply: {
        title: "Whether they come",
        contentType: MSGPACK,
        payload: schemaOf(resendReplySchema),
      },
    },
  },
];

const rosterChannels = (): Channel[] => [
  {
    name: "rosterRead",
    address: rosterReadSubject("{tenant}", "{site}"),
    title: "What changed in a site's directory",
    description: "A gateway keeps its site's part of the directory by asking page by page.",
    stability: "internal",
    messages: {
      RosterRequest: {
        title: "From where on",
        contentType: MSGPACK,
        payload: schemaOf(rosterRequestSchema),
      },
    },
    operation: {
      name: "answerRosterReads",
      action: "receive",
      summary: "Tell a gateway who may punch",
      reply: "rosterPage",
    },
  },
  {
    name: "rosterPage",
    address: null,
    title: "A page of changes",
    description: "Goes to the inbox that the request names.",
    stability: "internal",
    messages: {
      RosterPage: {
        title: "A page of changes",
        contentType: MSGPACK,
        payload: schemaOf(rosterPageSchema),
      },
    },
  },
  {
    name: "rosterChanged",
    address: rosterChangedSubject("{tenant}", "{site}"),
    title: "Something changed in a site's directory",
    description: "Empty; whoever hears it asks. Missing one does no harm, for gateways ask anyway.",
    stability: "internal",
    messages: {
      RosterChanged: {
        title: "Nothing",
        contentType: BYTES,
        payload: { type: "string", maxLength: 0 },
      },
    },
    operation: {
      name: "tellRosterChanged",
      action: "send",
      summary: "Have gateways look for changes",
    },
  },
];

const salaryChannels = (): Channel[] => [
  {
    name: "salaryRequest",
    address: salaryRequestSubject("{tenant}"),
    title: "What somebody earns",
    description: "By what is known now; nothing is stored, and no pay run has to be open.",
    stability: "public",
    messages: {
      SalaryRequest: {
        title: "Who, and in which period",
        contentType: JSON_TYPE,
        payload: schemaOf(salaryRequestSchema),
      },
    },
    operation: {
      name: "answerSalaryRequests",
      action: "receive",
      summary: "Calculate a salary",
      reply: "salaryReply",
      queue: "payroll",
    },
  },
  {
    name: "salaryReply",
    address: addressOf(SALARY_REPLY_SUBJECTS, "id"),
    title: "A salary, or why not",
    description: "Named by the request as its reply subject.",
    stability: "public",
    messages: {
      Salary: { title: "The salary", contentType: JSON_TYPE, payload: schemaOf(salarySchema) },
      SalaryProblem: {
        title: "Why there is none",
        contentType: "application/problem+json",
        payload: schemaOf(salaryProblemSchema),
      },
    },
  },
];

const queueChannels = (): Channel[] => [
  {
    name: "notificationTasks",
    address: addressOf(NOTIFY_SUBJECTS, "tenant", "channel"),
    title: "Messages to be sent",
    description: "A work queue: each is taken by one worker of its channel.",
    stability: "internal",
    stream: STREAMS.notify,
    messages: {
      NotificationTask: { title: "Which message", contentType: MSGPACK, payload: ANYTHING },
    },
    operation: { name: "queueNotifications", action: "send", summary: "Have a message sent" },
  },
  {
    name: "deadLetters",
    address: addressOf(DEAD_LETTER_SUBJECTS, "consumer"),
    title: "Messages that could not be handled",
    description: "The message as it was, its own headers, and why it lies here.",
    stability: "public",
    stream: STREAMS.deadLetters,
    messages: {
      DeadLetter: {
        title: "Dead letter",
        contentType: BYTES,
        headers: {
          type: "object",
          required: Object.values(DEAD_LETTER_HEADERS),
          properties: Object.fromEntries(
            Object.values(DEAD_LETTER_HEADERS).map((name) => [name, { type: "string" }]),
          ),
        },
        payload: { description: "The bytes of the message that failed" },
      },
    },
    operation: { name: "buryMessages", action: "send", summary: "Keep what could not be handled" },
  },
];

const retryChannels = (): Channel[] => [
  {
    name: "letterRetry",
    address: addressOf(LETTER_RETRY_SUBJECTS, "consumer"),
    title: "Handle a dead letter again",
    description: "Answered by the process that runs the consumer.",
    stability: "internal",
    messages: {
      RetryRequest: {
        title: "Which letter",
        contentType: MSGPACK,
        payload: schemaOf(retryRequestSchema),
      },
    },
    operation: {
      name: "answerRetries",
      action: "receive",
      summary: "Handle a dead letter again",
      reply: "letterRetried",
    },
  },
  {
    name: "letterRetried",
    address: addressOf(LETTER_RETRIED_SUBJECTS, "id"),
    title: "What became of it",
    description: "Named by the request as its reply subject.",
    stability: "internal",
    messages: {
      RetryReply: {
        title: "What became of it",
        contentType: MSGPACK,
        payload: schemaOf(retryReplySchema),
      },
    },
  },
];
