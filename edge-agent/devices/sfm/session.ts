import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { DriverDeps, ReaderHealth, Reading } from "../driver.ts";
import { offerPunch } from "../offer-punch.ts";
import type { ReaderStanding } from "../reader-standing.ts";
import type { SfmConfig } from "./config.ts";
import type { Packet } from "./frame.ts";
import type { Link } from "./link.ts";
import { OFF, ON, outcomeName, type ParameterName, SUCCESS } from "./requests.ts";

export interface SessionParts {
  readonly link: Link;
  readonly config: SfmConfig;
  readonly standing: ReaderStanding;
  readonly deps: DriverDeps;
  /** Aborts when the line is lost or the agent stops. */
  readonly ended: AbortSignal;
  readonly pause: (ms: number) => Promise<void>;
}

/** Who lay on the sensor last, and until when we heard of it. */
interface Seen {
  readonly user: number;
  readonly atMs: number;
}

/** One module: has it identify whoever comes, and hands each over once per finger. */
export class Session {
  private readonly parts: SessionParts;
  private seen: Seen | undefined;

  constructor(parts: SessionParts) {
    this.parts = parts;
  }

  /**
   * What the module says of itself, and the mode set as configured. The mode is not saved in the module: its power cut
   * undoes it, and the next meeting sets it again. Rejects with `device.no-reply`, or `device.refused`.
   */
  async meet(): Promise<void> {
    const { link, config, standing } = this.parts;
    const status = await link.ask({ kind: "status" });
    if (status.flag !== SUCCESS) throw refused(`its status is ${outcomeName(status.flag)}`);
    // What it was still looking for belongs to a conversation from before.
    await link.ask({ kind: "cancel" });
    await this.setSwitch("autoResponse", config.mode === "free-scan" ? ON : OFF);
    await this.setSwitch("freeScan", config.mode === "free-scan" ? ON : OFF);
    standing.note(await this.facts());
    standing.count("meetings");
    standing.ready();
  }

  /** Until the module does not answer any more: rejects with `device.no-reply` or how the line ended. */
  async serve(): Promise<void> {
    const { link, config, ended, pause } = this.parts;
    while (!ended.aborted) {
      const scan =
        link.earlierScan() ??
        (config.mode === "identify" ? await this.identify() : await this.listen());
      if (scan === undefined) continue;
      await this.take(scan);
      await pause(config.pauseMs);
    }
  }

  /** Asks for one finger; taken back when none comes, which also shows that the module is still there. */
  private async identify(): Promise<Packet | undefined> {
    const { link, config } = this.parts;
    link.startScan();
    const scan = await link.nextScan(config.scanMs);
    if (scan === undefined) await link.ask({ kind: "cancel" });
    return scan;
  }

  private async listen(): Promise<Packet | undefined> {
    const { link, config } = this.parts;
    const scan = await link.nextScan(config.scanMs);
    if (scan !== undefined) return scan;
    // After a power cut nobody hears of, it would answer this and look for no finger.
    const mode = await this.readParameter("freeScan");
    if (mode !== ON) throw noReply("the module began anew");
    return undefined;
  }

  private async take({ flag, param }: Packet): Promise<void> {
    const { standing } = this.parts;
    const outcome = flag === SUCCESS && param === 0 ? "no-user" : outcomeName(flag);
    standing.count(`scans_${outcome}`);
    if (outcome === outcomeName(SUCCESS)) await this.punch(param);
  }

  private async punch(user: number): Promise<void> {
    const { config, standing, deps, ended } = this.parts;
    const { seen } = this;
    const isSame = seen?.user === user && deps.now() - seen.atMs <= config.sameFingerMs;
    this.seen = { user, atMs: deps.now() };
    if (isSame) {
      standing.count("repeats");
      return;
    }
    const outcome = await offerPunch(readingOf(config, user), { deps, ended });
    standing.count(outcome === "refused" ? "not_stored" : "accepted");
    // Whoever was not stored and keeps the finger there may be stored yet.
    if (outcome === "refused") this.seen = undefined;
  }

  private async setSwitch(parameter: ParameterName, value: number): Promise<void> {
    const { link } = this.parts;
    if ((await this.readParameter(parameter)) === value) return;
    const { flag } = await link.ask({ kind: "write-parameter", parameter, value });
    if (flag !== SUCCESS) throw refused(`it will not set ${parameter}: ${outcomeName(flag)}`);
  }

  /** Undefined where the module does not have it. */
  private async readParameter(parameter: ParameterName): Promise<number | undefined> {
    const { flag, size } = await this.parts.link.ask({ kind: "read-parameter", parameter });
    return flag === SUCCESS ? size : undefined;
  }

  private async facts(): Promise<ReaderHealth["facts"]> {
    const serialNumber = (await this.readParameter("serialNumber")) ?? "not told";
    const enrolled = (await this.readParameter("enrolledFingers")) ?? "not told";
    return { serialNumber, enrolled, mode: this.parts.config.mode, feedback: false };
  }
}

function readingOf(config: SfmConfig, user: number): Reading {
  return {
    reader: config.reader,
    credential: { kind: "number", value: `${config.userGroup ?? config.reader}-${user}` },
    hint: config.hint,
    deviceLocal: null,
    pin: "not-asked",
    // The module numbers nothing, and the layout of what some keep of their own is not public.
    deviceSeq: null,
    recordKey: null,
  };
}

const refused = (message: string): PlatformError =>
  new PlatformError("device.refused", `the module refuses: ${message}`, { retriable: true });
const noReply = (message: string): PlatformError =>
  new PlatformError("device.no-reply", message, { retriable: true });
