import { z } from "zod";
import { zoneSchema } from "../worktime/civil-time.ts";

/**
 * A registered gateway: the value under `gatewayKey(address)` in the `gateways` bucket, msgpack. Fleet writes it;
 * the intake believes no segment that the key named here did not sign.
 */
export const gatewayRecordSchema = z.object({
  publicKey: z
    .string()
    .regex(/^U[A-Z2-7]{55}$/)
    .meta({ format: "nkey-user" })
    .describe("Public NKey of the gateway, U…; its last characters are a checksum"),
  name: z.string().min(1).max(100).describe("Shown to people"),
  zone: zoneSchema.describe("IANA time zone of the site the gateway stands at"),
  registeredAtMs: z.int().min(0).describe("UTC milliseconds"),
  status: z.enum(["active", "revoked"]),
  /** What the stream stored before this instant was sent by the rightful gateway and still counts; null = not revoked. */
  revokedAtMs: z.int().min(0).nullable().default(null),
});
export type GatewayRecord = z.output<typeof gatewayRecordSchema>;
