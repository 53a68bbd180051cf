/**
 * HID reports on a stream of bytes, as the simulator speaks them. A report is its length (1 to 255) and that many bytes, in both
 * directions. A zero before it makes it a message about feature reports instead; a device that knows none never sees one,
 * unless it is configured for a driver that needs them.
 *
 *     01 ref id bytes…   to the device: a feature report
 *     02 ref id length   to the device: asks for one
 *     03 ref ok bytes…   from the device: the answer to `ref`; ok = 1, or 0 for a refusal
 */
export type HidFrame =
  | { readonly kind: "report"; readonly bytes: Uint8Array }
  | { readonly kind: "message"; readonly bytes: Uint8Array };

export const MAX_REPORT_BYTES = 255;

export const MESSAGE = { send: 1, get: 2, answer: 3 } as const;

export function encodeHidFrame({ kind, bytes }: HidFrame): Uint8Array {
  return Uint8Array.of(...(kind === "message" ? [0] : []), bytes.length, ...bytes);
}

/** Cuts a byte stream into frames, however it was split on the way; false after a frame without any bytes. */
export function createHidSplitter(emit: (frame: HidFrame) => void): {
  push(chunk: Uint8Array): boolean;
} {
  let rest: Uint8Array = new Uint8Array(0);
  return {
    push(chunk) {
      let bytes: Uint8Array = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      for (;;) {
        const at = bytes[0] === 0 ? 1 : 0;
        const length = bytes[at];
        if (length === 0) return false;
        if (length === undefined || bytes.length < at + 1 + length) break;
        const content = Uint8Array.from(bytes.subarray(at + 1, at + 1 + length));
        emit({ kind: at === 1 ? "message" : "report", bytes: content });
        bytes = bytes.subarray(at + 1 + length);
      }
      rest = Uint8Array.from(bytes);
      return true;
    },
  };
}
