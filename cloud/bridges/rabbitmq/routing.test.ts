import type { Event } from "@clockleaf/shared/events/envelope.ts";
import { STREAMS } from "@clockleaf/shared/subjects.ts";
import { describe, expect, it } from "vitest";
import { rabbitServerSchema } from "../../rabbitmq/config.ts";
import type { BridgeRecord } from "../bridge.ts";
import { messageOf } from "./message.ts";
import { routesOf } from "./routing.ts";

const exchanges = rabbitServerSchema.shape.exchanges.parse({});

const event = (eventType: string, data: object = {}): Event => ({
  metadata: {
    eventId: "0190c7a4-0000-7000-8000-000000000001",
    eventType,
    timestamp: 1_700_000_000_999,
    version: "1.0",
    source: "cloud/test",
    correlationId: null,
    causationId: null,
  },
  data,
});
/** `exchange key`, with an exclamation mark where somebody must get it. */
const routes = (stream: string, eventType: string, data?: object): string[] =>
  routesOf({ stream, event: event(eventType, data) }, exchanges).map(
    ({ exchange, routingKey, isMandatory }) => `${exchange} ${routingKey}${isMandatory ? "!" : ""}`,
  );

describe("where an event goes", () => {
  it.each([
    [STREAMS.employee, "employee.employee.created", ["employee.events"]],
    [STREAMS.leave, "leave.leave.approved", ["employee.events"]],
    [STREAMS.document, "document.document.stored", ["clockleaf.background"]],
    [STREAMS.attendance, "attendance.check-in.recorded", []],
    [STREAMS.payroll, "payroll.salary.calculated", []],
    [STREAMS.audit, "audit.entry.recorded", []],
    [STREAMS.notification, "notification.message.sent", []],
  ])("%s: to the topic exchange for whoever binds, and to %s", (stream, type, fanouts) => {
    expect(routes(stream, type)).toEqual([
      `clockleaf.topic ${type}`,
      ...fanouts.map((exchange) => `${exchange} ${type}!`),
    ]);
  });

  it.each([
    [STREAMS.workflow, "workflow.request.opened"],
    [STREAMS.reporting, "reporting.report.requested"],
  ])("%s: to the topic exchange, where a queue of ours must get it", (stream, type) => {
    expect(routes(stream, type)).toEqual([`clockleaf.topic ${type}!`]);
  });

  it("a message that is to be sent: to the queue of its channel as well, if that has one", () => {
    const type = "notification.message.requested";
    const of = (channel: string) => routes(STREAMS.notification, type, { channel }).slice(1);
    expect(of("email")).toEqual(["clockleaf.direct email!"]);
    expect(of("sms")).toEqual(["clockleaf.direct sms!"]);
    expect(of("webhook")).toEqual([]);
    expect(of("in-app")).toEqual([]);
  });
});

describe("an event as a message", () => {
  const record: BridgeRecord = {
    seq: 42,
    stream: STREAMS.attendance,
    aggregateId: "p1",
    event: event("attendance.check-in.recorded", { employeeId: "p1" }),
    traceparent: "00-0123456789abcdef0123456789abcdef-00000000000000aa-01",
  };
  const encodeFor = { tenant: "acme", incarnation: 1_690_000_000_000, exchanges };

  it("is a CloudEvent in binary mode that says where it stood", () => {
    const message = messageOf(record, encodeFor);
    expect(message).toMatchObject({
      messageId: record.event.metadata.eventId,
      timestamp: 1_700_000_000,
    });
    expect(message.headers).toEqual({
      cloudEvents_specversion: "1.0",
      cloudEvents_id: record.event.metadata.eventId,
      cloudEvents_type: "attendance.check-in.recorded",
      cloudEvents_source: "cloud/test",
      cloudEvents_time: "2023-11-14T22:13:20.999Z",
      cloudEvents_partitionkey: "p1",
      "nats-stream": "ATTENDANCE",
      "nats-seq": "42",
      "nats-incarnation": "1690000000000",
      "clockleaf-tenant": "acme",
      traceparent: record.traceparent,
    });
    expect(JSON.parse(message.body.toString())).toEqual(record.event);
  });

  it("is the same, byte by byte, however often it is made", () => {
    expect(messageOf(record, encodeFor)).toEqual(messageOf(structuredClone(record), encodeFor));
  });
});
