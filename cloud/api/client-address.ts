import { isIPv6 } from "node:net";
import type { Context } from "hono";
import { NO_ADDRESS } from "./failures.ts";

/**
 * The address of whoever is asking, for counting. Each trusted proxy has put the address it saw at the end of
 * `X-Forwarded-For`; what stands before that anybody can have written. An IPv6 host has a whole /64, so that is what counts.
 */
export function clientAddress(c: Context, trustedProxies: number): string {
  const socket = socketAddress(c.env) ?? NO_ADDRESS;
  if (trustedProxies === 0) return counted(socket);
  const seen = (c.req.header("x-forwarded-for") ?? "")
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
  return counted(seen.at(-trustedProxies) ?? seen[0] ?? socket);
}

/** As @hono/node-server hands it on. */
function socketAddress(env: unknown): string | undefined {
  const socket: unknown = fieldOf(fieldOf(env, "incoming"), "socket");
  const address = fieldOf(socket, "remoteAddress");
  return typeof address === "string" ? address : undefined;
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;

const MAX_CHARACTERS = 64;
const MAPPED = "::ffff:";

function counted(address: string): string {
  if (address.toLowerCase().startsWith(MAPPED)) return address.slice(MAPPED.length);
  if (!isIPv6(address)) return address.slice(0, MAX_CHARACTERS);
  const [head = "", tail] = address.toLowerCase().split("::");
  const groups = head.split(":").filter((group) => group !== "");
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(":").length;
  const all = [...groups, ...Array.from({ length: Math.max(0, missing) }, () => "0")];
  return `${[...all, ...(tail ?? "").split(":")].slice(0, 4).join(":")}::/64`;
}
