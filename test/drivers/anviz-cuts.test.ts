import { anvizConfigSchema } from "@clockleaf/edge-agent/devices/anviz/config.ts";
import { anvizDriver } from "@clockleaf/edge-agent/devices/anviz/driver.ts";
import { attachTerminals } from "@clockleaf/hardware-sim/anviz/bus.ts";
import { createAnvizTerminal } from "@clockleaf/hardware-sim/anviz/terminal.ts";
import { describeCuts } from "./cuts.contract.ts";

// The terminal's log outlives whatever is torn, its own power too, and a record that was read twice has one name.
for (const [name, isStuck] of [
  ["Anviz", false],
  ["Anviz with a clock that stands still", true],
] as const) {
  describeCuts(
    name,
    () => {
      const terminal = createAnvizTerminal({ ch: 5, wallMs: () => Date.now() });
      if (isStuck) terminal.clock.stick();
      let cleared = 0;
      terminal.onEvent((event) => {
        if (event.kind === "deleted") throw new Error("the log was deleted");
        if (event.kind === "cleared") cleared += event.count;
      });
      return {
        driver: anvizDriver,
        config: anvizConfigSchema.parse({
          pollMs: 1,
          replyTimeoutMs: 30,
          turnaroundMs: 0,
          frameGapMs: 0,
          readers: [{ id: "gate", deviceNumber: 5 }],
        }),
        credentialOf: (badge) => ({ kind: "number", value: `gate-${badge}` }),
        present: (badge) => void terminal.punch({ user: badge }),
        attach: (line) =>
          void attachTerminals(line, { terminals: [terminal], now: () => performance.now() }),
        powerCut: () => terminal.powerCut(),
        forgotten: () => cleared,
      };
    },
    { keepsOver: ["line", "agent", "power"] },
  );
}
