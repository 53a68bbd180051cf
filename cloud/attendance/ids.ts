import { createHash } from "node:crypto";
import type { GatewayAddress } from "@clockleaf/shared/subjects.ts";

// Besides the employees, whose aggregate is their own id, the ATTENDANCE stream holds one aggregate per quarantined punch,
// per gateway, per boot of a gateway that learned the time, per request for corrections and per site. Their ids are hashes: a punch id is longer than a subject token
// may be.

export const quarantineId = (punchId: string): string => `q-${hash(punchId)}`;

export const gatewayAlarmsId = ({ site, gateway }: GatewayAddress): string =>
  `g-${hash(`${site}.${gateway}`)}`;

/** One boot of a gateway. */
export const bootTimeId = (
  { site, gateway }: Omit<GatewayAddress, "tenant">,
  bootId: string,
): string => `b-${hash(`${site}.${gateway}.${bootId}`)}`;

export const correctionsId = (requestId: string): string => `c-${hash(requestId)}`;

export const siteMarkId = (site: string): string => `s-${hash(site)}`;

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32);
