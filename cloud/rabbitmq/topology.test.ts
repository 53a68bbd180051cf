import { describe, expect, it } from "vitest";
import { rabbitServerSchema } from "./config.ts";
import { DEAD_LETTERS, declareRabbitTopology } from "./topology.ts";

const config = rabbitServerSchema.parse({
  hosts: ["rabbit1"],
  user: "clockleaf",
  passwordFile: "x",
  deliveryLimit: 7,
});
const topology = declareRabbitTopology(config);

/** Queues behind an exchange, with the keys by which they hang on it. */
const behind = (exchange: string): Record<string, string[]> => {
  const found: Record<string, string[]> = {};
  for (const each of topology.bindings) {
    if (each.exchange === exchange) (found[each.queue] ??= []).push(each.routingKey);
  }
  return found;
};

describe("what is declared at RabbitMQ", () => {
  it("is the seed's topology", () => {
    expect(behind("clockleaf.direct")).toEqual({
      "notification.email": ["email"],
      "notification.sms": ["sms"],
    });
    expect(behind("clockleaf.topic")).toEqual({
      "workflow.approvals": ["workflow.#"],
      "reports.generation": ["reporting.#", "reports.#"],
    });
    expect(Object.keys(behind("clockleaf.background"))).toEqual([
      "background.tasks",
      "file.processing",
    ]);
    expect(Object.keys(behind("employee.events"))).toEqual([
      "notification.employee",
      "audit.employee",
      "reporting.employee",
      "workflow.employee",
    ]);
    expect(topology.exchanges.map(({ exchange, type }) => `${exchange} ${type}`)).toEqual([
      "clockleaf.dead-letters topic",
      "clockleaf.direct direct",
      "clockleaf.topic topic",
      "clockleaf.background fanout",
      "employee.events fanout",
    ]);
    const names = topology.queues.map(({ queue }) => queue);
    expect(names).toEqual(
      expect.arrayContaining(["salary.calculation.request", "salary.calculation.reply"]),
    );
  });

  it("is quorum queues that move what was given out too often to the dead letters, and never forget", () => {
    const [deadLetters, ...others] = topology.queues;
    expect(deadLetters?.queue).toBe(DEAD_LETTERS);
    expect(others).toHaveLength(12);
    for (const { queue, arguments: given } of others) {
      expect(given).toEqual({
        "x-queue-type": "quorum",
        "x-quorum-initial-group-size": 3,
        "x-delivery-limit": 7,
        "x-dead-letter-exchange": DEAD_LETTERS,
        "x-dead-letter-routing-key": queue,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
      });
    }
  });
});
