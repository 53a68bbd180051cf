import type { EdgeConfig, LineConfig } from "../config.ts";
import type { SerialConfig } from "../ports/serial.ts";
import type { AgentLook } from "./agent.ts";

/** The set-up that is looked at. */
export interface Setup {
  readonly configFile: string;
  readonly config: EdgeConfig;
  readonly agent: AgentLook;
  /** How long a line that speaks by itself is listened to when no agent runs, milliseconds; 0 = open nothing. */
  readonly listenMs: number;
}

/** A line with where it stands in the file: `lines[0]`. */
export interface PlacedLine {
  readonly place: string;
  readonly line: LineConfig;
}

export const placedLines = (config: EdgeConfig): readonly PlacedLine[] =>
  config.lines.map((line, index) => ({ place: `lines[${index}]`, line }));

/** The serial port a line hangs on, if it is one. */
export const serialOf = ({ port }: LineConfig): SerialConfig | undefined =>
  port !== undefined && "serial" in port ? port.serial : undefined;

/** Whether some line hangs on a USB HID device of this machine. */
export const usesHid = (config: EdgeConfig): boolean =>
  config.lines.some(({ port }) => port !== undefined && "hid" in port);
