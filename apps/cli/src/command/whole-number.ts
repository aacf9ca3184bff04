import { InvalidArgumentError } from 'commander';

/** An option's text as a whole number within bounds. */
export function wholeNumber(what: string, minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d{1,15}$/.test(text) && value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`${what} is a whole number from ${minimum} to ${maximum}.`);
  };
}
