import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Port } from "./port.ts";

/** Changes bytes on their way, for noise and losses; returns what arrives, possibly nothing. */
export type Transit = (bytes: Uint8Array) => Uint8Array;

export interface MemoryPair {
  /** The end a driver owns. */
  readonly agent: Port;
  /** The end a test plays the terminal on. */
  readonly terminal: Port;
  /** Sets what happens to bytes in each direction; whole and unchanged unless told. */
  disturb(transit: { readonly toAgent?: Transit; readonly toTerminal?: Transit }): void;
  /** Tears the line: the agent's end sees a lost port with a reason. */
  lose(reason: string): void;
}

/** Two ends of a wire that exists in this process only. Bytes arrive in order, never within the writer's own turn. */
export function createMemoryPair(name = "memory"): MemoryPair {
  let toAgent = whole;
  let toTerminal = whole;
  const agent = createEnd(name, (bytes) => terminal.deliver(toTerminal(bytes)));
  const terminal = createEnd(`${name} (terminal)`, (bytes) => agent.deliver(toAgent(bytes)));
  const hangUp = (reason: string): void => {
    agent.end(new PlatformError("port.lost", reason, { retriable: true }));
    terminal.end();
  };
  return {
    agent: agent.port,
    terminal: {
      ...terminal.port,
      close: () => Promise.resolve(hangUp(`the far end of ${name} hung up`)),
    },
    disturb(transit) {
      toAgent = transit.toAgent ?? whole;
      toTerminal = transit.toTerminal ?? whole;
    },
    lose: hangUp,
  };
}

const whole: Transit = (bytes) => bytes;

interface End {
  readonly port: Port;
  deliver(bytes: Uint8Array): void;
  end(reason?: Error): void;
}

function createEnd(name: string, send: (bytes: Uint8Array) => void): End {
  let open = true;
  let why: Error | undefined;
  let onData: ((chunk: Uint8Array) => void) | undefined;
  let onClosed: ((reason?: Error) => void) | undefined;
  let early: Uint8Array[] = [];

  const deliver = (bytes: Uint8Array): void => {
    if (bytes.length === 0) return;
    setImmediate(() => {
      if (!open) return;
      if (onData === undefined) early.push(bytes);
      else onData(bytes);
    });
  };
  const end = (reason?: Error): void => {
    if (!open) return;
    open = false;
    why = reason;
    onClosed?.(reason);
  };
  const port: Port = {
    name,
    write(bytes) {
      if (!open) return Promise.reject(new PlatformError("port.lost", `${name} is closed`));
      send(Uint8Array.from(bytes));
      return Promise.resolve();
    },
    onData(listener) {
      onData = listener;
      const waiting = early;
      early = [];
      for (const chunk of waiting) listener(chunk);
    },
    onClosed(listener) {
      onClosed = listener;
      if (!open) listener(why);
    },
    close() {
      end();
      return Promise.resolve();
    },
  };
  return { port, deliver, end };
}
