import { describe, expect, it } from "vitest";
import {
  type DayIn,
  type PremiumInput,
  premiumsOn,
  spelled,
} from "../../../test/support/premiums.ts";

// Windows over clock changes and a skipped date; which ones there are is tzdb's word.

const night = (more: object = {}): PremiumInput => ({
  kind: "night",
  name: "Night",
  code: "N",
  factor: 0.25,
  ...more,
});

const nightIn = (zone: string, on: string, more: object = {}): string =>
  spelled(premiumsOn([{ on, shifts: ["18:00-10:00"] }], [night(more)], { zone })[0] ?? [], zone);

describe("a night on which the clock changes", () => {
  it.each([
    // tzdb; each night as long as it was
    ["Europe/Berlin", "2026-03-28", "Night 22:00-06:00 7:00"], // 02:00 to 03:00 skipped
    ["Europe/Berlin", "2026-10-24", "Night 22:00-06:00 9:00"], // 02:00 to 03:00 twice
    ["Europe/Berlin", "2026-10-25", "Night 22:00-06:00 8:00"],
    ["America/New_York", "2026-03-07", "Night 22:00-06:00 7:00"],
    ["America/New_York", "2026-10-31", "Night 22:00-06:00 9:00"],
    ["Australia/Lord_Howe", "2026-10-03", "Night 22:00-06:00 7:30"], // half an hour
    ["Australia/Lord_Howe", "2026-04-04", "Night 22:00-06:00 8:30"],
    ["Asia/Kolkata", "2026-03-28", "Night 22:00-06:00 8:00"], // none
    ["America/Santiago", "2026-09-05", "Night 22:00-06:00 7:00"], // midnight skipped
    ["America/Santiago", "2026-04-04", "Night 22:00-06:00 9:00"], // 23:00 twice
    ["Pacific/Apia", "2011-12-29", "Night 22:00-06:00 8:00"], // 30 December skipped
  ])("in %s, that of %s", (zone, on, paid) => {
    expect(nightIn(zone, on)).toBe(paid);
  });

  it("counts a repeated hour twice if the window holds it, a skipped one not at all", () => {
    const hour = { from: "02:00", to: "03:00" };
    expect(nightIn("Europe/Berlin", "2026-10-24", hour)).toBe("Night 02:00-03:00 2:00");
    expect(nightIn("Europe/Berlin", "2026-03-28", hour)).toBe("");
    // a window that ends inside the repeated hour is open twice
    expect(nightIn("Europe/Berlin", "2026-10-24", { from: "01:00", to: "02:30" })).toBe(
      "Night 01:00-02:30 1:30, Night 02:00-02:30 0:30",
    );
    expect(nightIn("Europe/Berlin", "2026-10-24", { from: "02:30", to: "04:00" })).toBe(
      "Night 02:30-02:00 0:30, Night 02:30-04:00 1:30",
    );
    expect(nightIn("Europe/Berlin", "2026-03-28", { from: "22:00", to: "02:30" })).toBe(
      "Night 22:00-03:00 4:00",
    );
    expect(nightIn("Europe/Berlin", "2026-03-28", { from: "02:30", to: "04:00" })).toBe(
      "Night 03:00-04:00 1:00",
    );
  });

  it("a date that a zone skipped has no window, and the night after it belongs to it", () => {
    const days: DayIn[] = [{ on: "2011-12-29", shifts: ["18:00-10:00"] }];
    const on = (weekdays: string[]): string =>
      spelled(
        premiumsOn(days, [night({ weekdays })], { zone: "Pacific/Apia" })[0] ?? [],
        "Pacific/Apia",
      );
    // Thursday 29 until midnight; then it is Saturday 31, whose small hours are of the night of the 30th
    expect(on(["thu"])).toBe("Night 22:00-00:00 2:00");
    expect(on(["fri"])).toBe("Night 00:00-06:00 6:00");
  });

  it("is told by the clock of the place of the shift", () => {
    const day: DayIn = {
      on: "2026-01-12",
      shifts: [{ tiles: "20:00-23:30", more: { zone: "America/New_York" } }],
    };
    expect(spelled(premiumsOn([day], [night()])[0] ?? [], "America/New_York")).toBe(
      "Night 22:00-23:30 1:30",
    );
  });
});
