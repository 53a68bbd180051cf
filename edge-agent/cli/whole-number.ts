import { InvalidArgumentError } from "commander";

/** Parser of an option that is a whole number from `min` to `max`; commander prints what it throws. */
export function wholeNumber(name: string, min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d{1,15}$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`--${name} is a whole number from ${min} to ${max}.`);
  };
}
