import { lookup } from "node:dns/promises";
import { isPublicAddress, literalAddress } from "./address-guard.ts";
import type { WebhooksConfig } from "./config.ts";

/** The code of the refusal, if nothing may be sent there. */
export type UrlFault = "webhook.bad-url" | "webhook.address-refused";

/**
 * Whether an endpoint may be at a URL, as far as can be told now: each connection asks again. A name that does not resolve
 * yet is taken.
 */
export async function faultOfUrl(
  text: string,
  { allowHttp, allowPrivateAddresses }: WebhooksConfig,
): Promise<UrlFault | undefined> {
  if (!URL.canParse(text)) return "webhook.bad-url";
  const url = new URL(text);
  const isKnown = url.protocol === "https:" || (allowHttp && url.protocol === "http:");
  if (!isKnown || url.username !== "" || url.password !== "") return "webhook.bad-url";
  if (allowPrivateAddresses) return undefined;
  const literal = literalAddress(url);
  const addresses = literal === undefined ? await addressesOf(url.hostname) : [literal];
  return addresses.every(isPublicAddress) ? undefined : "webhook.address-refused";
}

async function addressesOf(hostname: string): Promise<string[]> {
  try {
    return (await lookup(hostname, { all: true })).map(({ address }) => address);
  } catch {
    // Not yet, or not from here; deliveries will tell.
    return [];
  }
}
