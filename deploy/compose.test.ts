import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";

interface Service {
  readonly image: string;
  readonly ports: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
}

const text = readFileSync(join(import.meta.dirname, "compose.yaml"), "utf8");
const services = Object.entries((parse(text) as { services: Record<string, Service> }).services);

it("compose.yaml has every server, pinned, with a health check, and none reachable from elsewhere", () => {
  expect(services.map(([name]) => name)).toEqual(["hub", "rabbitmq", "redis", "kafka", "registry"]);
  const images = services.map(([, { image }]) => image);
  expect(images.filter((image) => !/^[a-z/-]+:\d+\.\d+\.\d+/.test(image))).toEqual([]);
  const ports = services.flatMap(([, service]) => service.ports);
  expect(ports.filter((port) => !/^127\.0\.0\.1:\d+:\d+$/.test(port))).toEqual([]);
  const unchecked = services.filter(([, { healthcheck }]) => healthcheck === undefined);
  expect(unchecked).toEqual([]);
});
