/** Seconds as decimal hours with two digits, such as 7.50. */
export const hours = (seconds: number): string => (Math.round(seconds / 36) / 100).toFixed(2);

/** Minor units as a decimal of the currency's major unit, exactly. */
export function money(minor: number, currency: string): string {
  const digits = digitsOf(currency);
  const sign = minor < 0 ? "-" : "";
  const text = String(Math.abs(minor)).padStart(digits + 1, "0");
  if (digits === 0) return `${sign}${text}`;
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

function digitsOf(currency: string): number {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}
