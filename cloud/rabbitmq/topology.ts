import type { Channel } from "rabbitmq-client";
import type { RabbitServerConfig } from "./config.ts";
import type { RabbitLink } from "./connect.ts";

/** Queues of the platform; others may bind what they like beside them. */
export const QUEUES = {
  email: "notification.email",
  sms: "notification.sms",
  approvals: "workflow.approvals",
  reports: "reports.generation",
  background: "background.tasks",
  files: "file.processing",
  employeeNotification: "notification.employee",
  employeeAudit: "audit.employee",
  employeeReporting: "reporting.employee",
  employeeWorkflow: "workflow.employee",
  salaryRequest: "salary.calculation.request",
  salaryReply: "salary.calculation.reply",
} as const;

/** What was given out too often, from every queue; the routing key is the queue's name. Exchange and queue. */
export const DEAD_LETTERS = "clockleaf.dead-letters";

/** Routing keys of the direct exchange. */
export const DIRECT_KEYS = { email: "email", sms: "sms" } as const;
/** `reports.` is for producers of one's own: our types begin with their domain. */
export const TOPIC_PATTERNS = {
  approvals: ["workflow.#"],
  reports: ["reporting.#", "reports.#"],
} as const;

export interface DeclaredExchange {
  readonly exchange: string;
  readonly type: "direct" | "fanout" | "topic";
}

export interface DeclaredQueue {
  readonly queue: string;
  readonly arguments: Readonly<Record<string, string | number>>;
}

export interface DeclaredBinding {
  readonly exchange: string;
  readonly queue: string;
  readonly routingKey: string;
}

export interface RabbitTopology {
  readonly exchanges: readonly DeclaredExchange[];
  readonly queues: readonly DeclaredQueue[];
  readonly bindings: readonly DeclaredBinding[];
}

type TopologySettings = Pick<RabbitServerConfig, "exchanges" | "deliveryLimit" | "quorumGroupSize">;

/** Every exchange, queue and binding of the platform. */
export function declareRabbitTopology(config: TopologySettings): RabbitTopology {
  const { direct, topic, background, employee } = config.exchanges;
  return {
    exchanges: [
      { exchange: DEAD_LETTERS, type: "topic" },
      { exchange: direct, type: "direct" },
      { exchange: topic, type: "topic" },
      { exchange: background, type: "fanout" },
      { exchange: employee, type: "fanout" },
    ],
    queues: [
      { queue: DEAD_LETTERS, arguments: quorum(config) },
      ...Object.values(QUEUES).map((queue) => workQueue(config, queue)),
    ],
    bindings: [
      ...bind(DEAD_LETTERS, [DEAD_LETTERS], ["#"]),
      ...bind(direct, [QUEUES.email], [DIRECT_KEYS.email]),
      ...bind(direct, [QUEUES.sms], [DIRECT_KEYS.sms]),
      ...bind(topic, [QUEUES.approvals], TOPIC_PATTERNS.approvals),
      ...bind(topic, [QUEUES.reports], TOPIC_PATTERNS.reports),
      ...bind(background, [QUEUES.background, QUEUES.files]),
      ...bind(employee, [
        QUEUES.employeeNotification,
        QUEUES.employeeAudit,
        QUEUES.employeeReporting,
        QUEUES.employeeWorkflow,
      ]),
    ],
  };
}

const bind = (
  exchange: string,
  queues: readonly string[],
  routingKeys: readonly string[] = [""],
): DeclaredBinding[] =>
  queues.flatMap((queue) => routingKeys.map((routingKey) => ({ exchange, queue, routingKey })));

const quorum = ({ quorumGroupSize }: TopologySettings): DeclaredQueue["arguments"] => ({
  "x-queue-type": "quorum",
  "x-quorum-initial-group-size": quorumGroupSize,
});

/**
 * A message that is given out too often is moved to the dead letters by a confirmed publish: it leaves the queue only once it
 * lies there. The server does that only for queues that refuse, instead of forgetting, when they are full.
 */
const workQueue = (config: TopologySettings, queue: string): DeclaredQueue => ({
  queue,
  arguments: {
    ...quorum(config),
    "x-delivery-limit": config.deliveryLimit,
    "x-dead-letter-exchange": DEAD_LETTERS,
    "x-dead-letter-routing-key": queue,
    "x-dead-letter-strategy": "at-least-once",
    "x-overflow": "reject-publish",
  },
});

/**
 * Makes whatever is not there yet; as often as one likes. Rejects with `bridge.unsafe` where something is there and is
 * different: the message says what.
 */
export async function applyRabbitTopology(
  link: RabbitLink,
  { exchanges, queues, bindings }: RabbitTopology,
): Promise<void> {
  const channel = await link.channel();
  await link.orLost(
    (async () => {
      for (const { exchange, type } of exchanges) {
        await channel.exchangeDeclare({ exchange, type, durable: true });
      }
      for (const queue of queues) await channel.queueDeclare({ ...queue, durable: true });
      for (const binding of bindings) await channel.queueBind(binding);
      await channel.close();
    })(),
  );
}

/** Whether an exchange is there; `channel` is closed if not. */
export async function hasExchange(channel: Channel, exchange: string): Promise<boolean> {
  try {
    await channel.exchangeDeclare({ exchange, passive: true });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "NOT_FOUND") return false;
    throw error;
  }
}
