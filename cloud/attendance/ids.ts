import { createHash } from "node:crypto";
import type { GatewayAddress } from "@clockleaf/shared/subjects.ts";

// Besides the employees, whose aggregate is their own id, the ATTENDANCE stream holds one aggregate per quarantined punch,
// per gateway, per request for corrections and per site. Their ids are hashes: a punch id is longer than a subject token
// may be.

export const quarantineId = (punchId: string): string => `q-${hash(punchId)}`;

export const gatewayAlarmsId = ({ site, gateway }: GatewayAddress): string =>
  `g-${hash(`${site}.${gateway}`)}`;

export const correctionsId = (requestId: string): string => `c-${hash(requestId)}`;

export const siteMarkId = (site: string): string => `s-${hash(site)}`;

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32);
