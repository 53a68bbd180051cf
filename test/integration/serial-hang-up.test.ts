import type { Port } from "@clockleaf/edge-agent/ports/port.ts";
import { openSerial, serialConfigSchema } from "@clockleaf/edge-agent/ports/serial.ts";
import { openPty } from "@clockleaf/hardware-sim/pty.ts";
import { hasCode } from "@clockleaf/shared/lib/errors.ts";
import { expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";

// About one hang-up in five is told by nobody: a reader that speaks only when somebody taps would stay dead for ever.
test("an adapter that is pulled out is noticed, every time", async () => {
  const reasons: (Error | undefined)[] = [];
  const ports: Port[] = [];
  for (let round = 0; round < 40; round += 1) {
    const pty = openPty();
    const port = await openSerial(serialConfigSchema.parse({ path: pty.slavePath }));
    port.onData(() => undefined);
    port.onClosed((reason) => void reasons.push(reason));
    ports.push(port);
    await pty.close();
  }
  await eventually(() => reasons.length === ports.length, { what: "every line lost" });
  expect(reasons.every((reason) => hasCode(reason, "port.lost"))).toBe(true);
  for (const port of ports) {
    await expect(port.write(Uint8Array.of(1))).rejects.toMatchObject({ code: "port.lost" });
    await port.close();
  }
});
