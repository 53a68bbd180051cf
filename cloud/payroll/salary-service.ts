import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { salaryRequestSubject } from "@clockleaf/shared/subjects.ts";
import type { Msg, NatsConnection } from "nats";
import type { RabbitServerConfig } from "../rabbitmq/config.ts";
import { QUEUES } from "../rabbitmq/topology.ts";
import { createRabbitWorker, type TakenMessage } from "../rabbitmq/worker.ts";
import { answerSalary, type SalaryAnswer, type SalaryDeps } from "./salary-answer.ts";

export interface SalaryServiceOptions extends SalaryDeps {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly log: Log;
}

export interface SalaryService {
  close(): Promise<void>;
}

/** The longest a request may take; whoever asks may say less. */
const TIMEOUT_MS = 10_000;
const AT_ONCE = 16;
const MAX_REQUEST_BYTES = 4_096;

/**
 * Answers requests in the queue `salary.calculation.request`: to `reply_to`, with the request's `correlation_id`; `type` tells
 * `salary` from `problem`. The answer is in the server's hands before the request is acknowledged, so a worker that dies
 * leaves its requests to the others, and at worst one is answered twice.
 */
export function serveSalariesAtRabbit(
  options: SalaryServiceOptions & { readonly config: RabbitServerConfig },
): SalaryService {
  const { nc, tenant, config, log } = options;
  const worker = createRabbitWorker({
    nc,
    config,
    name: `clockleaf ${tenant} salaries`,
    queue: QUEUES.salaryRequest,
    atOnce: AT_ONCE,
    log,
    handle: (taken) => answerAtRabbit(options, taken),
  });
  worker.start();
  return { close: () => worker.close() };
}

async function answerAtRabbit(
  options: SalaryServiceOptions,
  { message, channel, ...taken }: TakenMessage,
): Promise<void> {
  const { replyTo, correlationId, expiration, body } = message;
  // Nobody would hear the answer.
  if (replyTo === undefined || replyTo === "") {
    options.log.warn("salary request without reply_to");
    return taken.ack();
  }
  const timeoutMs = Math.min(TIMEOUT_MS, Number(expiration ?? TIMEOUT_MS) || TIMEOUT_MS);
  const answer = await answerSalary(options, requestOf(body), timeoutMs);
  const { contentType, json } = spelled(answer);
  await channel.basicPublish(
    {
      exchange: "",
      routingKey: replyTo,
      ...(correlationId === undefined ? {} : { correlationId }),
      type: answer.kind,
      contentType,
      durable: true,
    },
    Buffer.from(json),
  );
  taken.ack();
}

/** The client has parsed what said that it is JSON. */
function requestOf(body: unknown): unknown {
  if (!Buffer.isBuffer(body) && typeof body !== "string") return body;
  return parsed(body.toString());
}

/**
 * Answers NATS requests on the tenant's subject; of all processes that serve, one answers each. A process that dies leaves the
 * ones that it had unanswered: the caller's time-out says so, and asking again does no harm.
 */
export function serveSalariesAtNats(options: SalaryServiceOptions): SalaryService {
  const { nc, tenant, log } = options;
  const inHand = new Set<Promise<void>>();
  const answer = async (message: Msg): Promise<void> => {
    const isTooLong = message.data.length > MAX_REQUEST_BYTES;
    const request = isTooLong ? undefined : parsed(new TextDecoder().decode(message.data));
    message.respond(spelled(await answerSalary(options, request, TIMEOUT_MS)).json);
  };
  const subscription = nc.subscribe(salaryRequestSubject(tenant), {
    queue: "payroll",
    callback: (problem, message) => {
      if (problem !== null) return;
      const work = answer(message)
        .catch((error: unknown) => {
          log.warn({ err: error, code: codeOf(error) }, "salary request not answered");
        })
        .finally(() => inHand.delete(work));
      inHand.add(work);
    },
  });
  return {
    async close() {
      subscription.unsubscribe();
      await Promise.all(inHand);
    },
  };
}

const spelled = (answer: SalaryAnswer): { contentType: string; json: string } =>
  answer.kind === "salary"
    ? { contentType: "application/json", json: JSON.stringify(answer.salary) }
    : { contentType: "application/problem+json", json: JSON.stringify(answer.problem) };

/** What is no JSON is no request either. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
