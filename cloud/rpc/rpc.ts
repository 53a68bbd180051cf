import type { DescService } from "@bufbuild/protobuf";
import { type ConnectRouter, createConnectRouter } from "@connectrpc/connect";
import {
  type UniversalHandler,
  universalServerRequestFromFetch,
  universalServerResponseToFetch,
} from "@connectrpc/connect/protocol";
import type { HealthCheck } from "../api/health.ts";
import type { Fetch } from "../api/in-process.ts";
import { createApiCaller } from "./api-caller.ts";
import { clockService } from "./clock-service.ts";
import { employeeService } from "./employee-service.ts";
import { ClockService } from "./gen/clockleaf/v1/clock_pb.js";
import { EmployeeService } from "./gen/clockleaf/v1/employee_pb.js";
import { PayrollService } from "./gen/clockleaf/v1/payroll_pb.js";
import { file_clockleaf_v1_problem } from "./gen/clockleaf/v1/problem_pb.js";
import { Health } from "./gen/grpc/health/v1/health_pb.js";
import { ServerReflection } from "./gen/grpc/reflection/v1/reflection_pb.js";
import { healthService } from "./health-service.ts";
import { payrollService } from "./payroll-service.ts";
import { reflectionService } from "./reflection-service.ts";

/** As much as the HTTP API takes; a request is one of its requests in other clothes. */
export const MAX_MESSAGE_BYTES = 1024 ** 2;

const OURS: readonly DescService[] = [ClockService, EmployeeService, PayrollService];
const REFLECTED: readonly DescService[] = [...OURS, Health];

export interface RpcDeps {
  /** The HTTP API, whatever it is at the moment. */
  readonly api: Fetch;
  readonly checks: () => readonly HealthCheck[];
}

/** Declares every service, for whichever server carries it. */
export function rpcRoutes({ api, checks }: RpcDeps): (router: ConnectRouter) => void {
  const caller = createApiCaller(api);
  const names = OURS.map(({ typeName }) => typeName);
  return (router) => {
    router.service(ClockService, clockService(caller));
    router.service(EmployeeService, employeeService(caller));
    router.service(PayrollService, payrollService(caller));
    router.service(Health, healthService(checks, names));
    router.service(ServerReflection, reflectionService(REFLECTED, [file_clockleaf_v1_problem]));
  };
}

/**
 * Connect and gRPC-Web over whatever carries HTTP; undefined for a request that is no RPC. Native gRPC needs trailers, which
 * no fetch response has: that is `grpc-server.ts`.
 */
export function createRpcFetch(deps: RpcDeps): (request: Request) => Promise<Response> | undefined {
  const router = createConnectRouter({ grpc: false, readMaxBytes: MAX_MESSAGE_BYTES });
  rpcRoutes(deps)(router);
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
  return (request) => {
    const handler = handlers.get(new URL(request.url).pathname);
    return handler === undefined ? undefined : answer(handler, request);
  };
}

async function answer(handler: UniversalHandler, request: Request): Promise<Response> {
  const asked = universalServerRequestFromFetch(request, {});
  return universalServerResponseToFetch(await handler(asked));
}
