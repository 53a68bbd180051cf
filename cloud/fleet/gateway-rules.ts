import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { GatewayRecord } from "@clockleaf/shared/wire/gateway.ts";
import { keyOfPublicNkey } from "@clockleaf/shared/wire/nkey.ts";
import { type Refusal, refuse } from "../eventing/decider.ts";
import type { Registered } from "./registry.ts";

export interface Registration {
  readonly publicKey: string;
  readonly name: string;
  readonly zone: string;
  readonly atMs: number;
}

/** The record after a registration; a refusal if this key may not stand for this gateway. */
export function register(
  current: GatewayRecord | undefined,
  others: readonly Registered[],
  wanted: Registration,
): GatewayRecord | Refusal {
  if (!isPublicNkey(wanted.publicKey)) {
    return refuse("gateway.bad-key", "publicKey is not a public user NKey: its checksum is wrong");
  }
  const holder = others.find(({ record }) => record.publicKey === wanted.publicKey);
  if (holder !== undefined) {
    const { site, gateway } = holder.address;
    return refuse("gateway.key-in-use", `this key belongs to the gateway ${site}/${gateway}`);
  }
  if (current?.status === "revoked" && current.publicKey === wanted.publicKey) {
    return refuse("gateway.key-revoked", "this key was revoked; the gateway needs a new one");
  }
  const { publicKey, name, zone, atMs } = wanted;
  const isSameKey = current?.publicKey === publicKey;
  const registeredAtMs = isSameKey && current !== undefined ? current.registeredAtMs : atMs;
  return { publicKey, name, zone, registeredAtMs, status: "active", revokedAtMs: null };
}

/** The record after a revocation at `atMs`; what the stream stored before still counts. Revoking twice changes nothing. */
export function revoke(current: GatewayRecord, atMs: number): GatewayRecord {
  if (current.status === "revoked") return current;
  return { ...current, status: "revoked", revokedAtMs: atMs };
}

function isPublicNkey(text: string): boolean {
  try {
    return keyOfPublicNkey(text).type === "public";
  } catch (error) {
    if (error instanceof PlatformError) return false;
    throw error;
  }
}
