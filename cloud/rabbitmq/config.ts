import { z } from "zod";

/** Where jobs wait for a worker. */
export const JOB_QUEUES = ["nats", "rabbitmq"] as const;
export type JobQueueName = (typeof JOB_QUEUES)[number];

const HOST =
  /^(?:(?<scheme>amqps?):\/\/)?(?<name>\[[0-9A-Fa-f:]+\]|[A-Za-z0-9._-]+)(?::(?<port>\d{1,5}))?\/?$/;

const exchangeName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,100}$/, "use 1 to 100 of A-Z a-z 0-9 . _ -");

const exchangesSchema = z.strictObject({
  direct: exchangeName.default("clockleaf.direct").describe("Messages to be sent, by channel"),
  topic: exchangeName
    .default("clockleaf.topic")
    .describe("Every event, with its type as the routing key"),
  background: exchangeName.default("clockleaf.background").describe("Events of documents (fanout)"),
  employee: exchangeName
    .default("employee.events")
    .describe("Events of people and their leave (fanout)"),
});
export type ExchangeNames = z.output<typeof exchangesSchema>;

/** Which RabbitMQ, as whom, and what is declared there. */
export const rabbitServerSchema = z.strictObject({
  hosts: z
    .array(z.string().max(256).regex(HOST, "use host, host:port, amqp://host:port or amqps://…"))
    .min(1)
    .max(16)
    .describe("Nodes, tried in turn; no user and no password here"),
  vhost: z
    .string()
    .min(1)
    .max(255)
    .default("/")
    .describe("Virtual host; one of its own per tenant"),
  user: z.string().min(1).max(255).describe("User that may configure, write and read there"),
  passwordFile: z
    .string()
    .min(1)
    .describe("File with the password; relative to this file; read anew for every connection"),
  tls: z
    .strictObject({
      caFile: z
        .string()
        .min(1)
        .optional()
        .describe("PEM of who signed the server's certificate; left out: the system's authorities"),
    })
    .optional()
    .describe("TLS to hosts without a scheme as well"),
  exchanges: exchangesSchema.prefault({}),
  deliveryLimit: z
    .int()
    .min(1)
    .max(1_000)
    .default(5)
    .describe("Times a message is given out again before it goes to clockleaf.dead-letters"),
  quorumGroupSize: z
    .union([z.literal(1), z.literal(3), z.literal(5)])
    .default(3)
    .describe("Nodes that keep a copy of a queue, where there are as many; fixed once it exists"),
});
export type RabbitServerConfig = z.output<typeof rabbitServerSchema>;

export interface RabbitHost {
  readonly hostname: string;
  readonly port: number;
  readonly isTls: boolean;
}

/** Where and how the nodes are reached. */
export const hostsOf = ({
  hosts,
  tls,
}: Pick<RabbitServerConfig, "hosts" | "tls">): readonly RabbitHost[] =>
  hosts.map((host) => {
    const { scheme, name = "", port } = HOST.exec(host)?.groups ?? {};
    const isTls = scheme === undefined ? tls !== undefined : scheme === "amqps";
    const hostname = name.replaceAll(/[[\]]/g, "");
    return { hostname, isTls, port: port === undefined ? (isTls ? 5671 : 5672) : Number(port) };
  });

/** The same with absolute paths. */
export function withAbsoluteRabbitPaths<C extends RabbitServerConfig>(
  config: C,
  absolute: (path: string) => string,
): C {
  const { passwordFile, tls } = config;
  const caFile = tls?.caFile;
  return {
    ...config,
    passwordFile: absolute(passwordFile),
    ...(caFile === undefined ? {} : { tls: { ...tls, caFile: absolute(caFile) } }),
  };
}
