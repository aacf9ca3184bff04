import type { ReactNode } from 'react';
import { screenWords } from '../messages/screens';

const TONES: Readonly<Record<string, string>> = {
  row: 'good',
  'dead-letter': 'warn',
  quarantined: 'warn',
  'in-progress': 'accent',
  unaccounted: 'bad',
};

/** The outcome of a message as a badge. */
export function Outcome({ outcome }: { readonly outcome: string }): ReactNode {
  return (
    <span className={`badge ${TONES[outcome] ?? ''}`}>{screenWords.event.outcomes[outcome] ?? outcome}</span>
  );
}
