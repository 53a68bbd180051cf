import { setTimeout as sleep } from "node:timers/promises";
import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import type { HealthCheck } from "../api/health.ts";
import {
  type Health,
  HealthCheckResponse_ServingStatus as Status,
} from "./gen/grpc/health/v1/health_pb.js";

const LOOK_EVERY_MS = 1_000;

/** The health protocol of gRPC, by the same checks as `/readyz`. The empty name is the whole process. */
export function healthService(
  checks: () => readonly HealthCheck[],
  services: readonly string[],
): ServiceImpl<typeof Health> {
  const statusOf = (service: string): Status => {
    if (service !== "" && !services.includes(service)) return Status.SERVICE_UNKNOWN;
    return checks().every(({ isOk }) => isOk) ? Status.SERVING : Status.NOT_SERVING;
  };
  return {
    check({ service }) {
      const status = statusOf(service);
      if (status === Status.SERVICE_UNKNOWN) {
        throw new ConnectError(`no service "${service}"`, Code.NotFound);
      }
      return { status };
    },
    async *watch({ service }, { signal }) {
      let told: Status | undefined;
      while (!signal.aborted) {
        const status = statusOf(service);
        if (status !== told) yield { status };
        told = status;
        await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      }
    },
  };
}
