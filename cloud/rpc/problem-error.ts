import { Code, ConnectError } from "@connectrpc/connect";
import { z } from "zod";
import { ProblemSchema } from "./gen/clockleaf/v1/problem_pb.js";

/** What of a problem an RPC tells; anything else that an API may answer is told by its status alone. */
const problemSchema = z
  .object({
    title: z.string().default(""),
    code: z.string().default(""),
    type: z.string().default(""),
    detail: z.string().optional(),
    traceId: z.string().default(""),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).default([]),
  })
  .catch({ title: "", code: "", type: "", traceId: "", errors: [] });

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

/** The error of an RPC for what the API answered. */
export function errorOfProblem(status: number, body: string): ConnectError {
  const problem = problemSchema.parse(jsonOf(body));
  const { code, type, traceId, errors } = problem;
  const message = [problem.title, problem.detail].filter(Boolean).join(": ");
  const faults = errors.map(({ pointer, detail }) => ({ pointer, detail }));
  return new ConnectError(
    message || `status ${status}`,
    CODES[status] ?? Code.Internal,
    undefined,
    [{ desc: ProblemSchema, value: { code, type, traceId, faults } }],
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
