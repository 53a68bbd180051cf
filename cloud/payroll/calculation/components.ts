import type { PayLine } from "@clockleaf/shared/events/payroll.ts";
import type { Component } from "../config.ts";
import type { Period } from "./calendar.ts";
import { decimal, exact, over, rounded, spelled, times } from "./exact.ts";
import type { AccountVersion, PayRules, Person } from "./facts.ts";
import { exponentOf } from "./money.ts";

/** What shares are taken of, and hours are counted by. */
export interface Bases {
  readonly base: number;
  readonly gross: number;
  readonly taxable: number;
  /** Seconds paid for work. */
  readonly workedSeconds: number;
}

const fits = (list: readonly string[], value: string): boolean =>
  list.length === 0 || list.includes(value);

/** The components that somebody has in a period, in the order of the configuration. */
export function componentsFor(
  { config }: PayRules,
  { person, period, held }: { person: Person; period: Period; held: AccountVersion },
): Component[] {
  const isNamed = (name: string): boolean =>
    held.account.components.some((each) => each.name === name);
  return config.components.filter(
    (each) =>
      (!each.onlyIfNamed || isNamed(each.name)) &&
      fits(each.groups, period.payGroup) &&
      fits(each.for.employmentTypes, person.employmentType) &&
      fits(each.for.departments, person.departmentId) &&
      fits(each.for.people, person.employeeId) &&
      (each.from ?? "") <= period.payOn &&
      period.payOn <= (each.until ?? "9999-12-31"),
  );
}

/** A component as a line; an amount that the account names takes the place of the configured one. */
export function componentLine(
  component: Component,
  held: AccountVersion,
  { bases, rules }: { bases: Bases; rules: PayRules },
): PayLine {
  const { account, version } = held;
  const own = account.components.find(({ name }) => name === component.name)?.amountMinor ?? null;
  const { howMuch, kind, code, label } = component;
  const sign = kind === "deduction" ? -1 : 1;
  const line = (minor: number, rate: string | null, seconds: number | null): PayLine => ({
    code,
    label,
    kind,
    seconds,
    rate,
    amountMinor: minor === 0 ? 0 : sign * minor,
    sources: [{ kind: "account", id: account.employeeId, revision: version }],
  });
  if (own !== null) return line(own, null, null);
  const mode = rules.config.rounding;
  switch (howMuch.kind) {
    case "fixed":
      return line(howMuch.amountMinor, null, null);
    case "percent": {
      const share = over(decimal(howMuch.percent), exact(100));
      const amount = rounded(times(exact(bases[howMuch.of]), share), mode);
      return line(amount, spelled(share, 8), null);
    }
    case "per-hour": {
      const hours = over(exact(bases.workedSeconds), exact(3600));
      const scale = exact(10n ** BigInt(exponentOf(account.currency)));
      const rate = spelled(over(exact(howMuch.amountMinor), scale), 6);
      return line(
        rounded(times(hours, exact(howMuch.amountMinor)), mode),
        rate,
        bases.workedSeconds,
      );
    }
  }
}
