import { once } from "node:events";
import { Agent, createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, test } from "vitest";
import { guardedLookup, isPublicAddress, literalAddress } from "./address-guard.ts";

const CLOSED = [
  "0.0.0.0",
  "10.0.0.1",
  "100.64.0.1",
  "127.0.0.1",
  "127.255.255.254",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.0.8",
  "192.168.1.1",
  "198.18.0.1",
  "224.0.0.1",
  "240.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:127.0.0.1",
  "::ffff:a00:1",
  "::ffff:0:127.0.0.1",
  "::127.0.0.1",
  "64:ff9b::10.0.0.1",
  "64:ff9b:1::1",
  "100::1",
  "2001::1",
  "2001:db8::1",
  "2002:7f00:1::",
  "fc00::1",
  "fd12:3456::1",
  "fe80::1",
  "fe80::1%eth0",
  "fec0::1",
  "ff02::1",
  "",
  "localhost",
  "1.2.3",
];
const OPEN = [
  "1.1.1.1",
  "9.255.255.255",
  "100.63.255.255",
  "128.0.0.1",
  "172.15.255.255",
  "172.32.0.1",
  "192.167.255.255",
  "2606:4700:4700::1111",
  "2a00:1450::1",
  "::ffff:1.1.1.1",
  "64:ff9b::1.1.1.1",
];

describe("an address", () => {
  it.each(CLOSED)("%s is nowhere an endpoint may be", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
  it.each(OPEN)("%s is one of the public internet", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
  it.each([
    ["http://2130706433/", "127.0.0.1"],
    ["http://0x7f.1/", "127.0.0.1"],
    ["http://0177.0.0.1/", "127.0.0.1"],
    ["http://[::ffff:127.0.0.1]:80/", "::ffff:7f00:1"],
    ["http://erp.example.org/", undefined],
  ])("%s hides nothing", (url, address) => {
    expect(literalAddress(new URL(url))).toBe(address);
    if (address !== undefined) expect(isPublicAddress(address)).toBe(false);
  });
});

test("a connection to a name that stands for this machine is not made", async () => {
  const server = createServer((_, response) => response.end("secret"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  let asked = 0;
  server.on("connection", () => {
    asked += 1;
  });
  for (const autoSelectFamily of [true, false]) {
    const agent = new Agent({ autoSelectFamily });
    const request = get({ host: "localhost", port, lookup: guardedLookup, agent });
    const [error] = (await once(request, "error")) as [{ code: string }];
    expect(error.code).toBe("webhook.address-refused");
  }
  expect(asked).toBe(0);
  server.close();
});
