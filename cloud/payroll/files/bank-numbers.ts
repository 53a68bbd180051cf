import { electronicFormatIBAN, isValidBIC, isValidIBAN } from "ibantools";

/** Whether it is an IBAN with the right check digits, with or without spaces. */
export const isIban = (text: string): boolean => isValidIBAN(compactIban(text));
export const compactIban = (text: string): string => electronicFormatIBAN(text) ?? "";
export const isBic = (text: string): boolean => isValidBIC(text);

const WEIGHTS = [3, 7, 1] as const;

/** Nine digits whose weighted sum ends in 0: the check of the American Bankers Association. */
export function isRoutingNumber(text: string): boolean {
  if (!/^\d{9}$/.test(text)) return false;
  const sum = Array.from(text).reduce(
    (all, digit, at) => all + Number(digit) * (WEIGHTS[at % 3] ?? 0),
    0,
  );
  return sum % 10 === 0;
}
