import type { EmployeeData } from "@clockleaf/shared/events/employee.ts";
import type { PayAccount } from "@clockleaf/shared/events/payroll.ts";
import { decimal, exact, rounded, times } from "./calculation/exact.ts";
import { exponentOf, isCurrency } from "./calculation/money.ts";
import type { PayrollConfig } from "./config.ts";

type Known = Pick<EmployeeData, "employeeId" | "startDate"> &
  Partial<Pick<EmployeeData, "salary" | "salaryMinor" | "currency">>;

/** The account of a new person, as far as their record tells; undefined if the configuration opens none. */
export function openingAccount(config: PayrollConfig, person: Known): PayAccount | undefined {
  const { defaultGroup, groups, rounding } = config;
  const group = defaultGroup === null ? undefined : groups[defaultGroup];
  if (defaultGroup === null || group === undefined) return undefined;
  const { employeeId, startDate, salary, salaryMinor } = person;
  const named = person.currency ?? group.currency;
  const currency = isCurrency(named) ? named : group.currency;
  const fromMajor = (): number | null => {
    if (salary === null || salary === undefined) return null;
    const minorUnits = exact(10n ** BigInt(exponentOf(currency)));
    return rounded(times(decimal(salary), minorUnits), rounding);
  };
  return {
    employeeId,
    payGroup: defaultGroup,
    currency,
    basis: "salaried",
    rateMinor: salaryMinor ?? fromMajor(),
    taxTable: null,
    taxId: null,
    bank: null,
    components: [],
    fromOn: startDate,
  };
}
