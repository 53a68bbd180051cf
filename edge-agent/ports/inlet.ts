import type { Port } from "./port.ts";

/**
 * The listening half that every port has: chunks that come before anybody listens are kept, the end is told once, and
 * whoever asks after the end hears it at once. Nothing is delivered after the end.
 */
export interface Inlet extends Pick<Port, "onData" | "onClosed"> {
  push(chunk: Uint8Array): void;
  end(reason?: Error): void;
  isOpen(): boolean;
  /** Why the port ended; undefined while it is open and after an orderly close. */
  lost(): Error | undefined;
}

export function createInlet(): Inlet {
  let dataListener: ((chunk: Uint8Array) => void) | undefined;
  let closedListener: ((reason?: Error) => void) | undefined;
  let early: Uint8Array[] = [];
  let isOpen = true;
  let lost: Error | undefined;
  return {
    push(chunk) {
      if (!isOpen) return;
      if (dataListener === undefined) early.push(chunk);
      else dataListener(chunk);
    },
    end(reason) {
      if (!isOpen) return;
      isOpen = false;
      lost = reason;
      closedListener?.(reason);
    },
    isOpen: () => isOpen,
    lost: () => lost,
    onData(listener) {
      dataListener = listener;
      const waiting = early;
      early = [];
      for (const chunk of waiting) listener(chunk);
    },
    onClosed(listener) {
      closedListener = listener;
      if (!isOpen) listener(lost);
    },
  };
}
