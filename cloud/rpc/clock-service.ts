import type { JsonObject } from "@bufbuild/protobuf";
import {
  type Timestamp,
  timestampDate,
  timestampFromDate,
  timestampFromMs,
} from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import { z } from "zod";
import { readEventStream } from "../api/event-stream.ts";
import type { ApiCaller } from "./api-caller.ts";
import type {
  ClockService,
  CorrectionItem,
  SubmitCorrectionsRequest,
} from "./gen/clockleaf/v1/clock_pb.js";

const objectSchema = z.custom<JsonObject>((value) => typeof value === "object" && value !== null);
const eventSchema = z.object({
  streamSeq: z.int(),
  metadata: z.object({
    eventId: z.string(),
    eventType: z.string(),
    timestamp: z.int(),
    version: z.string(),
    source: z.string(),
    correlationId: z.string().nullable(),
    causationId: z.string().nullable(),
  }),
  data: objectSchema,
});
const correctionSchema = z.object({
  requestId: z.string(),
  state: z.string(),
  requestedBy: z.string(),
  requestedAt: z.iso.datetime(),
  items: z.array(
    z.object({ correctionId: z.string(), employeeId: z.string(), isApplied: z.boolean() }),
  ),
});
const previewSchema = z.object({
  days: z.array(
    z.object({
      employeeId: z.string(),
      workdayOn: z.string(),
      before: objectSchema.nullable(),
      after: objectSchema,
    }),
  ),
});

export function clockService(api: ApiCaller): ServiceImpl<typeof ClockService> {
  return {
    async *streamClockEvents({ types, site, afterPosition }, context) {
      const headers: Record<string, string> = {};
      if (afterPosition !== "") headers["last-event-id"] = afterPosition;
      const query = { types: types.join(","), site };
      const request = { method: "GET", path: "/events", query, headers } as const;
      const bytes = await api.stream(context, request);
      for await (const { id, event, data } of readEventStream(bytes)) {
        const isReset = event === "reset";
        const isEvent = data !== "" && !isReset;
        yield { position: id, isReset, ...(isEvent ? { event: clockEventOf(data) } : {}) };
      }
    },
    async submitCorrections(request, context) {
      const body = bodyOf(request);
      const asked = { method: "POST", path: "/corrections", body } as const;
      if (request.preview) {
        const { days } = await api.json(context, asked, previewSchema);
        const changes = days.map(({ before, employeeId, workdayOn, after }) =>
          before === null
            ? { employeeId, workdayOn, after }
            : { employeeId, workdayOn, before, after },
        );
        return { result: { case: "preview", value: { days: changes } } };
      }
      const stored = await api.json(context, asked, correctionSchema);
      const requestedAt = timestampFromDate(new Date(stored.requestedAt));
      return { result: { case: "correction", value: { ...stored, requestedAt } } };
    },
  };
}

function clockEventOf(json: string) {
  const { streamSeq, metadata, data } = eventSchema.parse(JSON.parse(json));
  const { eventId, eventType, timestamp, version, source } = metadata;
  return {
    sequence: BigInt(streamSeq),
    eventId,
    type: eventType,
    timestamp: timestampFromMs(timestamp),
    version,
    source,
    correlationId: metadata.correlationId ?? "",
    causationId: metadata.causationId ?? "",
    data,
  };
}

function bodyOf(request: SubmitCorrectionsRequest): object {
  const { requestId, outageId, reasonCode, reason, overridesLock, preview } = request;
  return {
    ...(requestId === "" ? {} : { requestId }),
    ...(outageId === "" ? {} : { outageId }),
    reasonCode,
    reason,
    overridesLock,
    preview,
    items: request.items.map((item) => ({ employeeId: item.employeeId, change: changeOf(item) })),
  };
}

function changeOf({ change }: CorrectionItem): object {
  switch (change.case) {
    case "add": {
      const { at, meaning, site } = change.value;
      return { do: "add", at: isoOf(at), meaning, site };
    }
    case "changePunch": {
      const { punchId, at, meaning } = change.value;
      return {
        do: "change",
        punchId,
        ...(at === undefined ? {} : { at: isoOf(at) }),
        ...(meaning === "" ? {} : { meaning }),
      };
    }
    case "voidPunch":
      return { do: "void", punchId: change.value.punchId };
    case "withdraw":
      return { do: "withdraw", correctionId: change.value.correctionId };
    case undefined:
      throw new ConnectError("an item says what is to be done", Code.InvalidArgument);
  }
}

/** What no date can be is told as such; the API then says what else is wrong. */
function isoOf(at: Timestamp | undefined): string | undefined {
  if (at === undefined) return undefined;
  const date = timestampDate(at);
  if (Number.isNaN(date.getTime())) {
    throw new ConnectError("that is no instant", Code.InvalidArgument);
  }
  return date.toISOString();
}
