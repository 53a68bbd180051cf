import type { FeatureReports, OpenPort, Port } from "./port.ts";

/** A chunk on its way, for somebody who looks on. */
export interface Traffic {
  /** Monotonic milliseconds. */
  readonly atMs: number;
  /** `in` from the terminal, `out` to it. */
  readonly dir: "in" | "out";
  /** The looker-on's own. */
  readonly bytes: Uint8Array;
  /** Some of it was made zeros: a key. */
  readonly hidden: boolean;
}

/** The same bytes with every key in them made zeros; undefined when there is none. `written` is one write of the driver. */
export type HideKeys = (written: Uint8Array) => Uint8Array | undefined;

export interface RecorderOptions {
  readonly hideKeys?: HideKeys | undefined;
  /** Whether the terminal's end may send our own bytes back, as adapters on two wires do. */
  readonly mayEcho: boolean;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** Lets people look on at a line. Costs nothing while nobody does, and a key is never shown. */
export interface LineRecorder {
  /** The same ports, looked on at. */
  record(open: OpenPort): OpenPort;
  /** From now on, or from the next opening on; the result ends it. `listener` must not throw and not wait. */
  follow(listener: (traffic: Traffic) => void, from?: "now" | "opening"): () => void;
}

interface Follower {
  readonly listener: (traffic: Traffic) => void;
  isWaiting: boolean;
}

export function createLineRecorder({ hideKeys, mayEcho, now }: RecorderOptions): LineRecorder {
  const followers = new Set<Follower>();
  const hasSecrets = hideKeys !== undefined && mayEcho;
  /**
   * Set from a key on until the next thing said: what comes in meanwhile may be its echo. Also before the first thing said
   * that anybody saw, for that might have been a key.
   */
  let isEchoing = hasSecrets;

  const tell = (dir: Traffic["dir"], bytes: Uint8Array, hidden: boolean): void => {
    const traffic = { atMs: now(), dir, bytes: Uint8Array.from(bytes), hidden };
    for (const { listener, isWaiting } of followers) if (!isWaiting) listener(traffic);
  };
  const said = (bytes: Uint8Array): void => {
    const masked = hideKeys?.(bytes);
    isEchoing = hasSecrets && masked !== undefined;
    tell("out", masked ?? bytes, masked !== undefined);
  };
  const heard = (bytes: Uint8Array): void =>
    tell("in", isEchoing ? new Uint8Array(bytes.length) : bytes, isEchoing);
  const lookOnAt = (features: FeatureReports): FeatureReports => ({
    send(reportId, bytes) {
      if (followers.size > 0) said(Uint8Array.of(reportId, ...bytes));
      return features.send(reportId, bytes);
    },
    async get(reportId, length) {
      const bytes = await features.get(reportId, length);
      if (followers.size > 0) heard(Uint8Array.of(reportId, ...bytes));
      return bytes;
    },
  });
  const lookOn = (port: Port): Port => ({
    ...port,
    ...(port.features === undefined ? {} : { features: lookOnAt(port.features) }),
    write(bytes) {
      if (followers.size > 0) said(bytes);
      return port.write(bytes);
    },
    onData: (listener) =>
      port.onData((chunk) => {
        if (followers.size > 0) heard(chunk);
        listener(chunk);
      }),
  });

  return {
    record: (open) => async () => {
      const port = await open();
      isEchoing = hasSecrets;
      for (const follower of followers) follower.isWaiting = false;
      return lookOn(port);
    },
    follow(listener, from = "now") {
      if (followers.size === 0) isEchoing = hasSecrets;
      const follower = { listener, isWaiting: from === "opening" };
      followers.add(follower);
      return () => void followers.delete(follower);
    },
  };
}
