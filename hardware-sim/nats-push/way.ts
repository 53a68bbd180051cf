/** A terminal's connection, over whatever it speaks. */
export interface Way {
  /** Hands the bytes to the network; nothing is known of their fate but by an answer. */
  send(message: Uint8Array): void;
  /** Orderly; with `abruptly` as if power or cable went. */
  close(abruptly?: boolean): Promise<void>;
}

export interface WayEvents {
  answered(bytes: Uint8Array): void;
  lost(): void;
}

/** Connects and begins to listen for answers; rejects when that does not work. */
export type OpenWay = (events: WayEvents) => Promise<Way>;
