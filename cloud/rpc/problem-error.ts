import { Code, ConnectError } from "@connectrpc/connect";
import { ApiRefusal } from "../api/in-process.ts";
import { ProblemSchema } from "./gen/clockleaf/v1/problem_pb.js";

/** As google.rpc.Code describes its codes: ABORTED is the one for "read again, then repeat". */
const CODES: Readonly<Record<number, Code>> = {
  400: Code.InvalidArgument,
  401: Code.Unauthenticated,
  403: Code.PermissionDenied,
  404: Code.NotFound,
  406: Code.InvalidArgument,
  409: Code.FailedPrecondition,
  412: Code.Aborted,
  413: Code.ResourceExhausted,
  415: Code.InvalidArgument,
  422: Code.InvalidArgument,
  428: Code.InvalidArgument,
  429: Code.ResourceExhausted,
  503: Code.Unavailable,
  504: Code.DeadlineExceeded,
};

/** The error of an RPC for what the API answered instead; anything else as it is. */
export function errorOf(error: unknown): unknown {
  if (!(error instanceof ApiRefusal)) return error;
  const { code, type, traceId, errors: faults } = error.problem;
  const detail = { desc: ProblemSchema, value: { code, type, traceId, faults } };
  return new ConnectError(error.message, CODES[error.status] ?? Code.Internal, undefined, [detail]);
}
