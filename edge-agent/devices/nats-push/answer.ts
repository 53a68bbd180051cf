import { encode } from "@clockleaf/shared/wire/codec.ts";
import type { Format } from "./message.ts";

export type Reason =
  | "too-large"
  | "malformed"
  /** The gateway's configuration knows no such reader. */
  | "unknown-reader"
  /** The journal refused: full, or shut for the moment. */
  | "not-stored"
  /** More is under way than one terminal may have. */
  | "busy";

/** What a terminal hears. Only `ok: true` lets it forget the punch of that id. */
export type Answer =
  | {
      readonly ok: true;
      /** Null for the answer to a sign of life. */
      readonly id: string | null;
      readonly light?: "green" | "amber" | "red";
      readonly text?: string;
      /** What a right clock at this site shows, `YYYY-MM-DDTHH:MM:SS`; left out while the gateway does not know. */
      readonly time?: string;
    }
  | {
      readonly ok: false;
      readonly id: string | null;
      readonly reason: Reason;
      /** Whether the same message may be taken later; else it never will be, and a person has to look. */
      readonly retry: boolean;
      readonly detail?: string;
    };

export function encodeAnswer(answer: Answer, format: Format): Uint8Array {
  return format === "msgpack" ? encode(answer) : new TextEncoder().encode(JSON.stringify(answer));
}
