import { newWebhookSecret, webhookKey } from "@clockleaf/shared/lib/webhook-signature.ts";
import type { PersonAddress, PersonalVault } from "../eventing/vault.ts";
import type { Endpoint } from "./decider.ts";
import type { Entries } from "./entries.ts";

export interface Secrets {
  /** A new secret, sealed and stored under this id; the one that is there, if the request comes again. */
  make(webhookId: string, secretId: string): Promise<string>;
  /** The keys that are valid now, the newest first; none if they were destroyed. */
  keysOf(endpoint: Endpoint, nowMs: number): Promise<readonly Buffer[]>;
  /** Destroys what the secrets were sealed under: no copy of them, in whatever backup, can be opened any more. */
  forget(webhookId: string): Promise<void>;
}

export interface SecretsOptions {
  readonly vault: PersonalVault;
  readonly entries: Entries;
  readonly tenant: string;
}

/**
 * Secrets in the bucket `webhooks`, sealed by the vault under a key of the endpoint's own, which the master key wraps as it
 * does those of persons: they turn with it, and go for good with the endpoint. No event, row or log line holds one.
 */
export function createSecrets({ vault, entries, tenant }: SecretsOptions): Secrets {
  // A prefix that no id of ours for a person has; endpoint ids are random.
  const holderOf = (webhookId: string): PersonAddress => ({
    tenant,
    personId: `webhook-${webhookId}`,
  });
  const open = async (webhookId: string, secretId: string): Promise<string | undefined> => {
    const sealed = await entries.secret(webhookId, secretId);
    const opened = sealed && (await vault.open(holderOf(webhookId), sealed));
    return opened && new TextDecoder().decode(opened);
  };
  const keyOf = async (webhookId: string, secretId: string): Promise<Buffer[]> => {
    const secret = await open(webhookId, secretId);
    return secret === undefined ? [] : [webhookKey(secret)];
  };
  return {
    async make(webhookId, secretId) {
      const known = await open(webhookId, secretId);
      if (known !== undefined) return known;
      const secret = newWebhookSecret();
      const sealed = await vault.seal(holderOf(webhookId), new TextEncoder().encode(secret));
      await entries.putSecret(webhookId, secretId, sealed);
      return secret;
    },
    async keysOf({ webhookId, secret: { currentId, previous } }, nowMs) {
      const isValid = previous !== null && previous.untilMs > nowMs;
      const ids = isValid ? [currentId, previous.id] : [currentId];
      return (await Promise.all(ids.map((id) => keyOf(webhookId, id)))).flat();
    },
    forget: (webhookId) => vault.erase(holderOf(webhookId)),
  };
}
