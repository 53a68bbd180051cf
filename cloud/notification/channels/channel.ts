import type { Channel } from "@clockleaf/shared/subjects.ts";

/** A message that is ready to go out. */
export interface Outgoing {
  /** The same for every try: what receivers that can tell repeats tell them by. */
  readonly notificationId: string;
  /** An address, a number, or the name of an endpoint. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export type SendResult =
  /** The other side has taken it. */
  | { readonly kind: "taken"; readonly providerId: string | null }
  /** The other side has certainly not taken it; `isPermanent` = and never will. */
  | { readonly kind: "refused"; readonly isPermanent: boolean; readonly reason: string }
  /** Nobody can tell. */
  | { readonly kind: "uncertain"; readonly reason: string };

/** A way to reach somebody outside. Passes `channel.contract.ts`. */
export interface OutgoingChannel {
  readonly name: Exclude<Channel, "in-app">;
  /** Receivers know a repeat by its id, so that doubt is no reason not to send again. */
  readonly mayRepeat: boolean;
  /** Never rejects. Once `signal` aborts it gives up and says what is known. */
  send(message: Outgoing, signal: AbortSignal): Promise<SendResult>;
  close(): Promise<void>;
}

/** The text of an error for the delivery log: one line, bounded, without what it was about. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/\S+@\S+/g, "(address)")
    .slice(0, 200);
}
