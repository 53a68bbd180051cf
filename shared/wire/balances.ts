import { z } from "zod";

const minutes = z.int();

/** A person's leave accounts by policy: the value under `personKey` in the `balances` bucket, msgpack. */
export const balancesSchema = z.record(
  z.string().max(64),
  z.object({
    balanceMinutes: minutes.describe(
      "What can still be asked for, leave that lies ahead taken off",
    ),
    requestedMinutes: minutes.describe("What waits for approval; not taken off yet"),
    takenMinutes: minutes.describe("Taken or booked in the leave year of `asOf`"),
    asOf: z.int().min(0).describe("When the account changed last, UTC milliseconds"),
  }),
);
export type Balances = z.output<typeof balancesSchema>;
