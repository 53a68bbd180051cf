import { describe, expect, it } from "vitest";
import { type RabbitSide, rabbitError } from "./errors.ts";

const side: RabbitSide = {
  server: "rabbit1:5672",
  vhost: "acme",
  user: "clockleaf",
  passwordFile: "/etc/clockleaf/rabbit.password",
};
const vendor = (code: string, message: string): Error =>
  Object.assign(new Error(message), { code });
const told = (error: unknown) => {
  const { code, retriable, message } = rabbitError(error, side);
  return { code, retriable, message };
};

describe("what RabbitMQ says, in our words", () => {
  it("a wrong password names server, user, file and what to do", () => {
    const text =
      "undefined: ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker logfile.";
    expect(told(vendor("ACCESS_REFUSED", text))).toEqual({
      code: "bridge.refused",
      retriable: false,
      message:
        'RabbitMQ at rabbit1:5672 refuses the user "clockleaf": the password in /etc/clockleaf/rabbit.password is wrong or ' +
        "there is no such user; there, rabbitmqctl change_password clockleaf or add_user clockleaf sets it",
    });
  });

  it("rights that are missing come with the command that grants them", () => {
    const text =
      "QueueDeclare: ACCESS_REFUSED - access to queue 'x' in vhost 'acme' refused for user 'clockleaf'";
    const { code, message } = told(vendor("ACCESS_REFUSED", text));
    expect(code).toBe("bridge.refused");
    expect(message).toContain('set_permissions -p acme clockleaf ".*" ".*" ".*"');
    const nowhere = told(
      vendor("NOT_ALLOWED", "ConnectionOpen: NOT_ALLOWED - vhost acme not found"),
    );
    expect(nowhere.code).toBe("bridge.refused");
    expect(nowhere.message).toContain("add_vhost acme");
  });

  it("a queue that is different says in what, and how to get on", () => {
    const text =
      "QueueDeclare: PRECONDITION_FAILED - inequivalent arg 'x-delivery-limit' for queue 'file.processing' in vhost 'acme': " +
      "received '5' but current is '3'";
    const { code, retriable, message } = told(vendor("PRECONDITION_FAILED", text));
    expect({ code, retriable }).toEqual({ code: "bridge.unsafe", retriable: false });
    expect(message).toBe(
      `queue "file.processing" exists at rabbit1:5672 with another x-delivery-limit (received '5' but current is '3'); set it ` +
        "so in the configuration, or let its consumers empty it, then delete it: it is declared again at the next try",
    );
  });

  it.each([
    ["RESOURCE_LOCKED", "cannot obtain exclusive access", "bridge.fenced", true],
    [
      "PRECONDITION_FAILED",
      "message size 200 is larger than configured max size 100",
      "bridge.too-large",
      false,
    ],
    ["NOT_FOUND", "no exchange 'x' in vhost '/'", "bridge.unsafe", false],
    [
      "NOT_FOUND",
      "queue 'x' in vhost '/' process is stopped by supervisor",
      "bridge.unreachable",
      true,
    ],
    ["NACK", "message rejected by server", "bridge.unreachable", true],
    ["ECONNREFUSED", "connect ECONNREFUSED", "bridge.unreachable", true],
    ["CONN_CLOSE", "socket closed unexpectedly by server", "bridge.unreachable", true],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate", "bridge.refused", false],
  ] as const)("%s, %s → %s", (...[vendorCode, message, code, retriable]) => {
    expect(told(vendor(vendorCode, message))).toMatchObject({ code, retriable });
  });
});
