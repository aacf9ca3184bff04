import type { DecisionResult, EarlierDecision } from '@pipeline/bigquery-tables';
import { SetupError, UsageError } from '../command/exit-codes.js';

interface Asked {
  readonly table: string;
  readonly path: string;
}

/** A decision in words. @throws UsageError, SetupError if there was nothing to decide */
export function renderDecision(result: DecisionResult, { table, path }: Asked): string {
  switch (result.kind) {
    case 'missing':
      throw new SetupError(`There is no table ${table}.`);
    case 'nothing-waits':
      throw new UsageError(
        `No value of ${table} at ${path} waits for an approval: see pipeline contracts pending ${table}.`,
      );
    case 'exists':
      return [
        `${table}.${result.column} exists as ${result.type}: there is nothing to decide, and nothing was deleted.`,
        ...earlierLines(result.earlier),
      ].join('\n');
    case 'rejected':
      return [
        result.earlier?.kind === 'REJECT_CHANGE'
          ? `${path} of ${table} was rejected before, and still is: ${result.waiting} values stay in _overflow.`
          : `${path} of ${table} is rejected: ${result.waiting} values stay in _overflow, and so do those to come. pipeline approve undoes it.`,
        ...earlierLines(result.earlier),
      ].join('\n');
    case 'approved': {
      const columns = result.changes.map(({ path: column, type }) => `${column} ${type}`).join(', ');
      const moved = result.run.days.reduce((sum, { valuesMoved }) => sum + valuesMoved, 0);
      const left =
        result.left === 0
          ? 'No value is left in _overflow.'
          : `${result.left} values are left in _overflow, because writers do not know the change yet: pipeline promote ${table} moves them.`;
      return [`Approved: ${columns}. ${moved} values moved. ${left}`, ...earlierLines(result.earlier)].join(
        '\n',
      );
    }
  }
}

/** Says who decided before, if anyone did. */
export function earlierLines(earlier: EarlierDecision | null): readonly string[] {
  if (earlier === null) return [];
  const { kind, decidedAt, actor, reason } = earlier;
  const verb = kind === 'REJECT_CHANGE' ? 'rejected' : 'approved';
  return [`Before: ${verb} ${decidedAt} by ${actor}${reason === null ? '' : `, because ${reason}`}.`];
}
