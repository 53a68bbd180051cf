import { type Browser, chromium } from "playwright-core";
import { onPath } from "./on-path.ts";

/** Debian's chromium; undefined when it is not installed. */
export const findChromium = (): string | undefined => onPath("chromium");

/** A browser of its own, with an empty profile, that speaks to nobody by itself. Whoever starts it closes it. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium() ?? "chromium",
    args: [
      "--no-sandbox", // the test may be root
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
