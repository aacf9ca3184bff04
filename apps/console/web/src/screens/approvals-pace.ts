/** The age of figures, and why they are not newer. */
export interface FiguresAge {
  readonly ageSeconds: number;
  readonly failure: object | null;
}

/** Younger figures are new. */
const OLD_SECONDS = 30;
/** Figures of this age are not about to be replaced. */
const STALE_SECONDS = 600;
const SOON_MS = 2_000;
const LATER_MS = 30_000;
const MOST_SOON = 15;

/**
 * Says when old figures are asked for again, for one opening of the page.
 *
 * The age counts from the start of the read, so figures of a slow read are old when they arrive, and the service reads them again only
 * after ten times as long, or after five minutes. They are asked for soon at most 15 times in a row and below ten minutes of age, and
 * every 30 s after that.
 *
 * @returns a function of the newest figures and the number of their answer; milliseconds, or false if nothing is to be asked
 */
export function followFigures(): (figures: FiguresAge, answer: number) => number | false {
  let last: number | null = null;
  let inARow = 0;
  return ({ ageSeconds, failure }, answer) => {
    if (ageSeconds < OLD_SECONDS || failure !== null) {
      inARow = 0;
      return false;
    }
    // Asked several times about the same answer.
    if (answer !== last) inARow++;
    last = answer;
    return ageSeconds < STALE_SECONDS && inARow <= MOST_SOON ? SOON_MS : LATER_MS;
  };
}
