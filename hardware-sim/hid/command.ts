import { repeat } from "../cli.ts";
import { needed, type SimCommand, textOf } from "../command.ts";
import { listenHidReader } from "./socket.ts";

export const hidCommand: SimCommand = {
  name: "hid",
  help: `hid --socket PATH [options]    one keyboard-wedge reader behind a Unix socket
    --badge TEXT       what it types; default 0012345678
    --tap EVERY        default never`,
  options: { socket: { type: "string" }, badge: { type: "string" }, tap: { type: "string" } },
  async run(values, { stopped, say, fact }) {
    const reader = await listenHidReader(needed(values, "socket"));
    const text = textOf(values, "badge") ?? "0012345678";
    const stopTaps = repeat(textOf(values, "tap"), (tap) =>
      fact({ at: new Date().toISOString(), kind: "tap", tap, heard: reader.tap(text) }),
    );
    say(`keyboard reader behind ${reader.path}`);
    await stopped;
    stopTaps();
    await reader.close();
  },
};
