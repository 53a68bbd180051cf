import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { createClient } from "@connectrpc/connect";
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { ClockService } from "../../cloud/rpc/gen/clockleaf/v1/clock_pb.js";
import { EmployeeService } from "../../cloud/rpc/gen/clockleaf/v1/employee_pb.js";
import { type CompanyApi, startCompanyApi } from "../fuzz/company-api.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { ensurePython } from "../support/python-venv.ts";

const PACKAGES = ["grpcio==1.76.0", "grpcio-reflection==1.76.0"];
const answersSchema = z.object({
  services: z.array(z.string()),
  answers: z.array(
    z.object({
      code: z.string(),
      messages: z.array(z.record(z.string(), z.unknown())),
      problem: z.record(z.string(), z.unknown()).nullable(),
    }),
  ),
});

const CORRECTION = {
  requestId: "correction-1",
  reasonCode: "forgot-to-punch",
  reason: "came at eight",
  items: [
    {
      employeeId: "p2",
      add: { at: "2026-11-02T08:00:00Z", meaning: "in", site: "plant-1" },
    },
  ],
};

const foundPython = await ensurePython("grpc-client", PACKAGES);
const python = typeof foundPython === "string" ? foundPython : "";
const hasParts =
  available("nats-server", findNatsServer()) &&
  available("python3 with grpcio", python === "" ? undefined : python);

describe.skipIf(!hasParts)("gRPC", () => {
  let company: CompanyApi;
  beforeAll(async () => {
    company = await startCompanyApi();
  });
  afterAll(() => company[Symbol.asyncDispose]());

  const grpcPort = (): number =>
    Number(/"port":(\d+),"msg":"listening for gRPC"/u.exec(company.cloud.log())?.[1]);

  const callAll = async (key: string, calls: readonly object[]) => {
    const script = join(import.meta.dirname, "../rpc/call_all.py");
    const args = [script, `127.0.0.1:${grpcPort()}`, key, JSON.stringify(calls)];
    const { stdout } = await promisify(execFile)(python, args);
    return answersSchema.parse(JSON.parse(stdout));
  };

  it("tells a foreign client what there is, and answers each of its calls", async () => {
    const employee = { employeeId: "p9", firstName: "Nina", lastName: "Neu" };
    const { services, answers } = await callAll(company.key, [
      { method: "grpc.health.v1.Health/Check", request: {} },
      { method: "grpc.health.v1.Health/Watch", request: {}, take: 1 },
      { method: "clockleaf.v1.EmployeeService/ListEmployees", request: { pageSize: 2 } },
      { method: "clockleaf.v1.EmployeeService/GetEmployee", request: { employeeId: "p1" } },
      {
        method: "clockleaf.v1.EmployeeService/CreateEmployee",
        request: {
          employee: {
            ...employee,
            email: "nina@acme.example",
            departmentId: "press",
            managerId: "p1",
            jobTitle: "Fitter",
            startDate: "2026-02-01",
            employmentType: "part-time",
            siteIds: ["plant-1"],
          },
        },
      },
      {
        method: "clockleaf.v1.EmployeeService/UpdateEmployee",
        request: { employeeId: "p9", version: 1, jobTitle: "Foreman" },
      },
      { method: "clockleaf.v1.ClockService/SubmitCorrections", request: CORRECTION },
      {
        method: "clockleaf.v1.ClockService/SubmitCorrections",
        request: { ...CORRECTION, requestId: "correction-2", preview: true },
      },
      {
        method: "clockleaf.v1.ClockService/StreamClockEvents",
        request: { afterPosition: "ATTENDANCE:0", types: ["attendance.correction.requested"] },
        take: 2,
      },
      {
        method: "clockleaf.v1.PayrollService/CalculateSalary",
        request: { employeeId: "p1", period: "2026-01-05", payGroup: "plant" },
      },
    ]);
    expect(services).toEqual([
      "clockleaf.v1.ClockService",
      "clockleaf.v1.EmployeeService",
      "clockleaf.v1.PayrollService",
      "grpc.health.v1.Health",
    ]);
    const [check, watch, list, one, made, stale, asked, preview, stream, salary] = answers;
    expect(check?.messages).toEqual([{ status: "SERVING" }]);
    expect(watch?.messages).toEqual([{ status: "SERVING" }]);
    expect(list?.messages[0]).toMatchObject({
      employees: [{ employeeId: "p1" }, { employeeId: "p2", managerId: "p1" }],
      nextPageToken: expect.stringMatching(/./u) as string,
    });
    expect(one?.messages[0]).toMatchObject({ employee: { employeeId: "p1", status: "active" } });
    expect(made?.messages[0]).toMatchObject({ employee: { ...employee, status: "active" } });
    expect(stale).toMatchObject({ code: "ABORTED", problem: { code: "api.precondition" } });
    expect(asked?.messages[0]).toMatchObject({
      correction: { requestId: "correction-1", items: [{ employeeId: "p2" }] },
    });
    expect(preview?.messages[0]).toMatchObject({
      preview: { days: [{ employeeId: "p2", workdayOn: "2026-11-02" }] },
    });
    expect(stream?.messages.at(-1)).toMatchObject({
      event: { type: "attendance.correction.requested", data: { requestId: "correction-1" } },
    });
    expect(salary).toMatchObject({ code: "OK" });
  });

  it("says no as the HTTP API does, with its problem", async () => {
    const who = { method: "clockleaf.v1.EmployeeService/GetEmployee" };
    const unknown = await callAll(company.key, [
      { ...who, request: { employeeId: "nobody" } },
      { ...who, request: { employeeId: "no such id" } },
    ]);
    expect(unknown.answers).toMatchObject([
      { code: "NOT_FOUND", problem: { code: "command.not-found" } },
      { code: "INVALID_ARGUMENT", problem: { code: "api.invalid", faults: [{}] } },
    ]);
    const stranger = await callAll("clk_live_nobody", [{ ...who, request: { employeeId: "p1" } }]);
    expect(stranger.answers).toMatchObject([
      { code: "UNAUTHENTICATED", problem: { code: "api.unauthorised" } },
    ]);
  });

  it("speaks Connect and gRPC-Web where the HTTP API is, and gRPC from Node", async () => {
    const headers = { authorization: `Bearer ${company.key}` };
    const grpc = `http://127.0.0.1:${grpcPort()}`;
    const transports = [
      createConnectTransport({ baseUrl: company.url, httpVersion: "1.1" }),
      createGrpcWebTransport({ baseUrl: company.url, httpVersion: "1.1" }),
      createConnectTransport({ baseUrl: grpc, httpVersion: "2" }),
      createGrpcTransport({ baseUrl: grpc }),
    ];
    for (const transport of transports) {
      const people = createClient(EmployeeService, transport);
      const { employee } = await people.getEmployee({ employeeId: "p1" }, { headers });
      expect(employee).toMatchObject({ employeeId: "p1", departmentId: "press" });
      const clock = createClient(ClockService, transport);
      const events = clock.streamClockEvents({ afterPosition: "ATTENDANCE:0" }, { headers });
      const positions: string[] = [];
      for await (const { position } of events) {
        positions.push(position);
        if (positions.length === 2) break;
      }
      expect(positions).toHaveLength(2);
    }
  });

  it("refuses a message that is larger than any of its requests", async () => {
    const transport = createGrpcTransport({ baseUrl: `http://127.0.0.1:${grpcPort()}` });
    const people = createClient(EmployeeService, transport);
    const search = "x".repeat(2 * 1024 ** 2);
    await expect(people.listEmployees({ search })).rejects.toMatchObject({
      code: 8, // resource exhausted
    });
  });

  it("ends with calls still open", async () => {
    const transport = createGrpcTransport({ baseUrl: `http://127.0.0.1:${grpcPort()}` });
    const clock = createClient(ClockService, transport);
    const headers = { authorization: `Bearer ${company.key}` };
    const events = clock.streamClockEvents({}, { headers })[Symbol.asyncIterator]();
    await events.next();
    const rest = events.next().catch(() => "cut" as const);
    expect(await company.cloud.stop()).toBe(0);
    await rest;
  });
});
