import { DOMAINS, type Domain, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { DestinationName } from "./bridge.ts";

/** What dead letters of a feed call their consumer, and its lease is named after. */
export const bridgeConsumer = (destination: DestinationName, feedId: string): string =>
  `bridge-${destination}-${feedId}`;

/** The domain whose events a stream holds. Throws for a stream that holds none. */
export function domainOf(stream: string): Domain {
  const domain = DOMAINS.find((name) => STREAMS[name] === stream);
  if (domain === undefined) throw new Error(`${stream} holds no events of a domain`);
  return domain;
}
