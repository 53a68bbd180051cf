import { ErrorReply, SocketClosedUnexpectedlyError } from "redis";
import { expect, it } from "vitest";
import { asBridgeError } from "./errors.ts";

const where = { server: "redis://cache:6379", user: "clockleaf" };

it.each([
  ["WRONGPASS invalid username-password pair or user is disabled.", "bridge.refused", false],
  ["NOAUTH Authentication required.", "bridge.refused", false],
  ["NOPERM this user has no permissions to run the 'evalsha' command", "bridge.refused", false],
  [
    "ERR The user executing the script can't run this command or subcommand script: 0a, on @user_script:7.",
    "bridge.refused",
    false,
  ],
  ["WRONGTYPE Operation against a key holding the wrong kind of value", "bridge.refused", false],
  ["MOVED 3999 127.0.0.1:6381", "bridge.unsafe", false],
  ["OOM command not allowed when used memory > 'maxmemory'.", "bridge.unreachable", true],
  ["READONLY You can't write against a read only replica.", "bridge.unreachable", true],
  ["LOADING Redis is loading the dataset in memory", "bridge.unreachable", true],
  ["CLUSTERDOWN The cluster is down", "bridge.unreachable", true],
  ["ERR Protocol error: invalid bulk length", "bridge.too-large", true],
  [
    "ERR Error running script (call to f_0a): @user_script:5: -OOM command not allowed",
    "bridge.unreachable",
    true,
  ],
  ["ERR unknown command 'XSETID'", "bridge.refused", false],
])("%s", (reply, code, retriable) => {
  const error = asBridgeError(new ErrorReply(reply), where);
  expect(error).toMatchObject({ code, retriable });
  expect(error.message).toContain("redis://cache:6379, user clockleaf: ");
  expect(error.message).toContain(reply);
});

it("a wrong password says which server, which user, and what to do", () => {
  const { message } = asBridgeError(new ErrorReply("WRONGPASS invalid"), where);
  expect(message).toBe(
    "Redis at redis://cache:6379, user clockleaf: does not accept the password, or the user is off; check user and passwordFile (WRONGPASS invalid)",
  );
});

it("a connection that broke may work later, a certificate will not", () => {
  const broken = asBridgeError(new SocketClosedUnexpectedlyError(), where);
  expect(broken).toMatchObject({ code: "bridge.unreachable", retriable: true });
  const untrusted = Object.assign(new Error("self-signed certificate"), {
    code: "DEPTH_ZERO_SELF_SIGNED_CERT",
  });
  expect(asBridgeError(untrusted, where)).toMatchObject({ code: "bridge.refused" });
});
