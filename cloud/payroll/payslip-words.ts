const ENGLISH = {
  payslip: "Payslip",
  employee: "Employee",
  period: "Period",
  payday: "Payday",
  run: "Pay run",
  revision: "Revision",
  code: "Code",
  line: "For",
  hours: "Hours",
  rate: "Rate",
  gross: "Gross pay",
  taxable: "Taxable",
  tax: "Tax",
  net: "Net pay",
  employerCost: "Employer cost, beside the pay",
  days: "Day by day",
  day: "Day",
};
export type PayslipWords = typeof ENGLISH;

const GERMAN: PayslipWords = {
  payslip: "Entgeltabrechnung",
  employee: "Mitarbeiter",
  period: "Zeitraum",
  payday: "Zahltag",
  run: "Lauf",
  revision: "Fassung",
  code: "Lohnart",
  line: "Bezeichnung",
  hours: "Stunden",
  rate: "Satz",
  gross: "Brutto",
  taxable: "Zu versteuern",
  tax: "Steuer",
  net: "Netto",
  employerCost: "Arbeitgeberanteil, neben dem Entgelt",
  days: "Tage im Einzelnen",
  day: "Tag",
};

/** Names of a payslip's parts by language; what is not here is printed in English. Labels of lines are the configuration's. */
export const PAYSLIP_WORDS: Readonly<Record<string, PayslipWords>> = { en: ENGLISH, de: GERMAN };
