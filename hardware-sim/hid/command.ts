import { needed, textOf } from "../command.ts";
import type { TerminalKind } from "../sim-terminal.ts";
import { type HidReader, listenHidReader } from "./socket.ts";

export const hidKind: TerminalKind = {
  name: "hid",
  help: `hid --socket PATH [options]    one keyboard-wedge reader behind a Unix socket
    --badge TEXT       what it types; default 0012345678`,
  options: { socket: { type: "string" }, badge: { type: "string" } },
  paths: ["socket"],
  can: ["tap", "unplug", "replug"],
  async open(values, { fact }) {
    const path = needed(values, "socket");
    const badge = textOf(values, "badge") ?? "0012345678";
    let reader: HidReader | undefined = await listenHidReader(path);
    const counts = { taps: 0, lost: 0 };
    const tap = (text: string): void => {
      counts.taps += 1;
      const heard = reader?.tap(text) === true;
      counts.lost += Number(!heard);
      fact({ at: new Date().toISOString(), kind: "tap", tap: counts.taps, badge: text, heard });
    };
    const unplug = async (): Promise<void> => {
      const former = reader;
      reader = undefined;
      await former?.close();
    };
    return {
      name: `keyboard reader behind ${path}`,
      acts: {
        tap,
        unplug,
        async replug() {
          reader ??= await listenHidReader(path);
        },
      },
      comes: () => tap(badge),
      ledger: () => ({ ...counts, acknowledged: null, waiting: null }),
      counters: () => counts,
      close: unplug,
    };
  },
};
