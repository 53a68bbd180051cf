import { Agent, request } from "node:http";
import { Signal } from "@clockleaf/shared/lib/signal.ts";

export interface AdmsDeviceOptions {
  readonly serial: string;
  /** Of the server: asked anew for each request, since a server may come back elsewhere. */
  readonly server: () => { readonly host: string; readonly port: number };
  /** Pause after anything but an OK, milliseconds; what the server says in its handshake is not waited for in tests. */
  readonly retryMs?: number;
  /** Pause between two calls when there is nothing to send. */
  readonly idleMs?: number;
  /**
   * Begins where the server says in its handshake; otherwise where it was itself told OK last, whatever the server says.
   * Default true.
   */
  readonly heedsStamp?: boolean;
  /** Lines of one request. */
  readonly batch?: number;
  readonly timeoutMs?: number;
}

/** A terminal that pushes: it keeps what nobody said OK for, and sends it again until somebody does. */
export interface AdmsDevice {
  /** Somebody is recognised: a line to be sent. */
  punch(
    userId: string,
    at: Date,
    how?: { readonly state?: number; readonly verify?: number },
  ): void;
  /** A line as it is, for what terminals out of order say. */
  line(text: string): void;
  /** Lines that no server took yet. */
  readonly pending: () => number;
  /** Connections are gone; lines and what was acknowledged stay. */
  powerCut(): void;
  readonly counters: () => Readonly<Record<string, number>>;
  /** What the server said in its last handshake. */
  readonly options: () => string;
  stop(): Promise<void>;
}

interface Said {
  readonly status: number;
  readonly text: string;
}

export function startAdmsDevice(options: AdmsDeviceOptions): AdmsDevice {
  const device = new Device(options);
  const running = device.run();
  return {
    punch: (userId, at, { state = 0, verify = 1 } = {}) => {
      const time = at.toISOString().slice(0, 19).replace("T", " ");
      device.add([userId, time, state, verify, 0, 0, 0].join("\t"));
    },
    line: (text) => device.add(text),
    pending: () => device.pending(),
    powerCut: () => device.powerCut(),
    counters: () => ({ ...device.counters }),
    options: () => device.options,
    async stop() {
      device.stop();
      await running;
    },
  };
}

class Device {
  readonly counters: Record<string, number> = {};
  options = "";
  private readonly settings: AdmsDeviceOptions;
  private readonly lines: string[] = [];
  private taken = 0;
  private isGreeted = false;
  private isStopped = false;
  private agent = new Agent({ keepAlive: true });
  private readonly wake = new Signal();

  constructor(settings: AdmsDeviceOptions) {
    this.settings = settings;
  }

  add(line: string): void {
    this.lines.push(line);
    this.wake.raise();
  }

  pending(): number {
    return this.lines.length - this.taken;
  }

  powerCut(): void {
    this.isGreeted = false;
    this.agent.destroy();
    this.agent = new Agent({ keepAlive: true });
    this.count("power_cuts");
  }

  stop(): void {
    this.isStopped = true;
    this.agent.destroy();
    this.wake.raise();
  }

  async run(): Promise<void> {
    while (!this.isStopped) {
      const isWell = await this.turn();
      const pauseMs = isWell ? (this.settings.idleMs ?? 1_000) : (this.settings.retryMs ?? 1_000);
      if (!isWell) this.isGreeted = false;
      if (!isWell || this.pending() === 0) await this.wake.wait(pauseMs);
    }
  }

  private async turn(): Promise<boolean> {
    if (!this.isGreeted) return this.greet();
    if (this.pending() > 0) return this.push();
    const { status } = await this.ask("GET", "/iclock/getrequest", "");
    return status === 200;
  }

  /** A stamp counts the lines this terminal ever had; the server says how far it has them. */
  private async greet(): Promise<boolean> {
    const said = await this.ask("GET", "/iclock/cdata", "", "&options=all&pushver=2.4.1");
    const stamp = /^ATTLOGStamp=(\d+)\r?$/mu.exec(said.text);
    if (said.status !== 200 || stamp === null) return false;
    this.options = said.text;
    if (this.settings.heedsStamp !== false) {
      this.taken = Math.min(Number(stamp[1]), this.lines.length);
    }
    this.isGreeted = true;
    return true;
  }

  private async push(): Promise<boolean> {
    const until = Math.min(this.lines.length, this.taken + (this.settings.batch ?? 50));
    const sent = this.lines.slice(this.taken, until);
    const body = sent.map((line) => `${line}\n`).join("");
    const said = await this.ask("POST", "/iclock/cdata", body, `&table=ATTLOG&Stamp=${until}`);
    this.count("pushed");
    if (said.status !== 200 || said.text.trim() !== `OK: ${sent.length}`) {
      this.count("sent_again");
      return false;
    }
    this.taken = until;
    return true;
  }

  // oxlint-disable-next-line eslint/max-params -- a request has four parts
  private ask(method: string, path: string, body: string, query = ""): Promise<Said> {
    const { serial, server, timeoutMs = 5_000 } = this.settings;
    return new Promise((resolve) => {
      const fail = (): void => resolve({ status: 0, text: "" });
      const call = request(
        {
          ...server(),
          method,
          path: `${path}?SN=${serial}${query}`,
          agent: this.agent,
          timeout: timeoutMs,
          headers: { "content-type": "text/plain", "content-length": Buffer.byteLength(body) },
        },
        (response) => {
          let text = "";
          response.setEncoding("latin1");
          response.on("data", (chunk: string) => (text += chunk));
          // A torn answer is none.
          response.on("end", () =>
            response.complete ? resolve({ status: response.statusCode ?? 0, text }) : fail(),
          );
          response.on("error", fail);
        },
      );
      call.on("timeout", () => call.destroy());
      call.on("error", fail);
      call.on("close", fail);
      call.end(body);
    });
  }

  private count(name: string): void {
    this.counters[name] = (this.counters[name] ?? 0) + 1;
  }
}
