import type { AdmsConfig } from "./config.ts";

/**
 * What a terminal is told when it begins (GET /iclock/cdata?options=all): how often to call, and what to send. Only
 * punches are wanted; users and pictures stay in the terminal. `stamp` is how far it sent before, in its own counting;
 * 0 has it send everything it holds, and is what it hears unless its stamps are trusted.
 * Source: ZKTeco Attendance PUSH protocol as public servers answer it (s0x90/zkteco-adms).
 */
export function handshake(serial: string, sentUpTo: string, config: AdmsConfig): string {
  const stamp = config.trustStamp ? sentUpTo : "0";
  const options = [
    `GET OPTION FROM: ${serial}`,
    `Stamp=${stamp}`,
    `ATTLOGStamp=${stamp}`,
    // Already sent, as far as the terminal is concerned.
    "OpStamp=9999",
    "OPERLOGStamp=9999",
    "PhotoStamp=9999",
    "ATTPHOTOStamp=9999",
    `ErrorDelay=${config.errorDelaySeconds}`,
    `Delay=${config.commandDelaySeconds}`,
    "TransTimes=00:00;12:00",
    "TransInterval=1",
    "TransFlag=TransData AttLog",
    "Realtime=1",
    "Encrypt=None",
  ];
  return `${options.join("\r\n")}\r\n`;
}
