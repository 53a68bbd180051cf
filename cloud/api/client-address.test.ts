import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { clientAddress } from "./client-address.ts";
import { isCrossSite } from "./cross-site.ts";

const SOCKET = "10.0.0.9";

async function addressOf(trusted: number, forwarded?: string, socket = SOCKET): Promise<string> {
  const app = new Hono();
  app.get("/", (c) => c.text(clientAddress(c, trusted)));
  const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
  const env = { incoming: { socket: { remoteAddress: socket } } };
  return await (await app.request("/", { headers }, env)).text();
}

describe("the address of a client", () => {
  it("is that of the socket, whatever a client writes, unless proxies are trusted", async () => {
    expect(await addressOf(0, "203.0.113.7")).toBe(SOCKET);
  });

  it("is what the trusted proxies have seen; what stands before that is anybody's", async () => {
    expect(await addressOf(1, "6.6.6.6, 203.0.113.7")).toBe("203.0.113.7");
    expect(await addressOf(2, "6.6.6.6, 203.0.113.7, 10.0.0.1")).toBe("203.0.113.7");
    expect(await addressOf(1)).toBe(SOCKET);
  });

  it.each([
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
  ])("counts %s as %s", async (socket, counted) => {
    expect(await addressOf(0, undefined, socket)).toBe(counted);
  });
});

const judge = async (headers: Record<string, string>, method = "POST"): Promise<string> => {
  const app = new Hono();
  app.all("/", (c) => c.text(String(isCrossSite(c, "https://time.example.org"))));
  return await (await app.request("/", { method, headers })).text();
};

describe("a request with a cookie that changes something", () => {
  it.each([
    ["a page of ours", { "sec-fetch-site": "same-origin" }, "false"],
    ["another site", { "sec-fetch-site": "cross-site" }, "true"],
    ["a neighbour on the same domain", { "sec-fetch-site": "same-site" }, "true"],
    [
      "another site that claims our header",
      { "sec-fetch-site": "cross-site", "x-clockleaf-request": "1" },
      "true",
    ],
    ["an older browser, our page", { origin: "https://time.example.org" }, "false"],
    ["an older browser, another page", { origin: "https://evil.example" }, "true"],
    ["a page without an origin", { origin: "null" }, "true"],
    ["somebody who says nothing", {}, "true"],
    ["a program of ours", { "x-clockleaf-request": "1" }, "false"],
  ])("from %s", async (_who, headers, expected) => {
    expect(await judge(headers)).toBe(expected);
  });

  it("is not one that only reads", async () => {
    expect(await judge({ "sec-fetch-site": "cross-site" }, "GET")).toBe("false");
  });
});
