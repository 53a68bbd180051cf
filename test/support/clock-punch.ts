import type { ClockPunch } from "../../cloud/attendance/decider.ts";

/** A punch at an instant such as `2026-01-12T08:00` UTC, which is also its name. */
export function clockPunch(text: string, hint: ClockPunch["punch"]["hint"] = null): ClockPunch {
  const at = Date.parse(`${text}Z`);
  const time = {
    gatewayAtMs: at,
    monotonicMs: 0,
    bootId: "boot",
    uncertaintyMs: 5,
    deviceLocal: null,
  };
  return {
    at,
    zone: "UTC",
    punch: {
      punchId: `gw-epoch-${text}`,
      site: "hq",
      gateway: "gw",
      reader: "door",
      badge: "number-1",
      time,
      hint,
      pin: "not-asked",
      verdict: "known",
    },
  };
}
