import { setupKey } from "@clockleaf/shared/subjects.ts";
import { z } from "zod";
import type { Records } from "../bucket.ts";
import { newSecret, sha256Of } from "../secret.ts";

export const setupTokenSchema = z.object({ sha256: z.string(), validUntil: z.int() });

/** The token with which the first admin is made. There is one at a time; it is kept hashed. */
export interface SetupTokens {
  /** A new one in the place of whatever there is. */
  issue(): Promise<IssuedToken>;
  /** A new one, unless one is valid: then undefined, for somebody has been told it. */
  issueIfNone(): Promise<IssuedToken | undefined>;
  isValid(token: string): Promise<boolean>;
  /** Ends it. */
  spend(): Promise<void>;
}

export interface IssuedToken {
  readonly token: string;
  readonly validUntil: number;
}

export const SETUP_TOKEN_MS = 3_600_000;

export function createSetupTokens(
  records: Records<z.output<typeof setupTokenSchema>>,
  tenant: string,
  nowMs: () => number,
): SetupTokens {
  const key = setupKey(tenant);
  const make = (): IssuedToken => ({
    token: newSecret("clk_setup_"),
    validUntil: nowMs() + SETUP_TOKEN_MS,
  });
  return {
    async issue() {
      const made = make();
      await records.put(key, { sha256: sha256Of(made.token), validUntil: made.validUntil });
      return made;
    },
    async issueIfNone() {
      const before = await records.read(key);
      if (before !== undefined && before.value.validUntil > nowMs()) return undefined;
      const made = make();
      const stored = { sha256: sha256Of(made.token), validUntil: made.validUntil };
      // Of several processes that start at once, one tells a token.
      return (await records.write(key, stored, before?.revision ?? 0)) ? made : undefined;
    },
    async isValid(token) {
      const found = await records.read(key);
      if (found === undefined || found.value.validUntil <= nowMs()) return false;
      return found.value.sha256 === sha256Of(token);
    },
    spend: () => records.remove(key),
  };
}
