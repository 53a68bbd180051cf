import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Port } from "../../ports/port.ts";
import { type Command, encodeCommand, isAnswerTo } from "./commands.ts";
import { createFramer, encodeFrame, type Framer, type Heard, PID } from "./frame.ts";

export interface ExchangeOptions {
  readonly address: number;
  readonly replyTimeoutMs: number;
  readonly count: (name: string, by?: number) => void;
  /** A sound answer to what was asked. */
  readonly answered: () => void;
}

/** One question at a time on the line. */
export interface Exchange {
  /**
   * The answer's payload, of a length that fits. Rejects with `device.no-reply` when none came, and with whatever the
   * exchange was ended with. After an unanswered question a late answer could be taken for the next one's: the caller
   * must then ask for the parameters, whose answer alone is 17 bytes long, and believe nothing before it.
   */
  ask(command: Command): Promise<Uint8Array>;
  /** The module began anew since this was last asked. */
  readonly tookPowerUp: () => boolean;
  /** Every question from now on, and the open one, is rejected with this. */
  end(why: PlatformError): void;
}

export function createExchange(port: Port, options: ExchangeOptions): Exchange {
  const framer = createFramer(options.address);
  let open: { readonly command: Command; settle(payload?: Uint8Array): void } | undefined;
  let ended: PlatformError | undefined;
  let isPowerUp = false;

  const hear = (all: readonly Heard[]): void => {
    for (const heard of all) {
      if (heard.kind === "power-up") {
        isPowerUp = true;
        options.count("power_ups");
      } else if (open === undefined || !isAnswerTo(open.command, heard.payload)) {
        options.count("discarded_unexpected");
      } else {
        options.answered();
        open.settle(heard.payload);
      }
    }
    tally(framer, options);
  };
  port.onData((chunk) => hear(framer.push(chunk)));
  const throwIfEnded = (): void => {
    if (ended !== undefined) throw ended;
  };

  return {
    async ask(command) {
      throwIfEnded();
      // The half of an answer that is left from before belongs to nobody.
      hear(framer.expire());
      const answer = new Promise<Uint8Array | undefined>((resolve) => {
        const timer = setTimeout(() => {
          // The false start of a packet may hide the real one.
          hear(framer.expire());
          open?.settle();
        }, options.replyTimeoutMs);
        open = {
          command,
          settle(payload) {
            clearTimeout(timer);
            open = undefined;
            resolve(payload);
          },
        };
      });
      // Not awaited: a line that takes nothing shows in the missing answer, after the same pause; asking it again at once
      // would leave the port no turn to say that it is gone.
      port.write(packetOf(command, options.address)).catch(() => undefined);
      const payload = await answer;
      throwIfEnded();
      if (payload !== undefined) return payload;
      options.count("timeouts");
      throw new PlatformError("device.no-reply", "the module does not answer", { retriable: true });
    },
    tookPowerUp() {
      const was = isPowerUp;
      isPowerUp = false;
      return was;
    },
    end(why) {
      ended ??= why;
      open?.settle();
    },
  };
}

const packetOf = (command: Command, address: number): Uint8Array =>
  encodeFrame({ address, pid: PID.command, payload: encodeCommand(command) });

function tally(framer: Framer, { count }: Pick<ExchangeOptions, "count">): void {
  for (const [reason, times] of Object.entries(framer.takeDiscards())) {
    count(`discarded_${reason}`, times);
  }
}
