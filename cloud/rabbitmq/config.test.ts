import { describe, expect, it } from "vitest";
import { hostsOf, rabbitServerSchema, withAbsoluteRabbitPaths } from "./config.ts";

const LEAST = { hosts: ["rabbit1"], user: "clockleaf", passwordFile: "./keys/rabbit.password" };

describe("the configuration of a RabbitMQ", () => {
  it("needs hosts, a user and the file of the password, and has the seed's names", () => {
    const config = rabbitServerSchema.parse(LEAST);
    expect(config).toMatchObject({ vhost: "/", deliveryLimit: 5, quorumGroupSize: 3 });
    expect(config.exchanges.employee).toBe("employee.events");
  });

  it("takes no password where everybody reads it", () => {
    const withSecret = { ...LEAST, hosts: ["amqp://clockleaf:secret@rabbit1:5672"] };
    expect(rabbitServerSchema.safeParse(withSecret).success).toBe(false);
    expect(rabbitServerSchema.safeParse({ ...LEAST, password: "secret" }).success).toBe(false);
  });

  it("knows the ports, and whether a host speaks TLS", () => {
    const hosts = ["a", "b:5000", "amqp://c", "amqps://d", "[::1]:5671", "amqps://[::1]/"];
    const of = (tls: { caFile?: string } | undefined) =>
      hostsOf({ hosts, tls }).map(
        ({ hostname, port, isTls }) => `${hostname} ${port} ${isTls ? "tls" : "clear"}`,
      );
    const fixed = ["c 5672 clear", "d 5671 tls"];
    expect(of(undefined)).toEqual([
      "a 5672 clear",
      "b 5000 clear",
      ...fixed,
      "::1 5671 clear",
      "::1 5671 tls",
    ]);
    expect(of({})).toEqual(["a 5671 tls", "b 5000 tls", ...fixed, "::1 5671 tls", "::1 5671 tls"]);
  });

  it("has absolute paths after it was read", () => {
    const config = rabbitServerSchema.parse({ ...LEAST, tls: { caFile: "ca.pem" } });
    const { passwordFile, tls } = withAbsoluteRabbitPaths(config, (path) => `/etc/x/${path}`);
    expect([passwordFile, tls?.caFile]).toEqual(["/etc/x/./keys/rabbit.password", "/etc/x/ca.pem"]);
  });
});
