import { describe, expect, it, jest } from '@jest/globals';
import { guardLog } from './guard-log.js';

describe('guardLog', () => {
  it.each([
    ['hour', 'MAX_NEW_TABLES_PER_HOUR'],
    ['dataset', 'MAX_TABLES_PER_DATASET'],
  ] as const)('names the setting to raise before the label is removed: limit %s', (limit, variable) => {
    const error = jest.fn();
    const { onTripped } = guardLog({ warn: jest.fn(), error }, { projectId: 'p', datasetId: 'd' });
    onTripped({ limit, used: 7, max: 7 });

    const remedy =
      'find the producer in _quarantine, ' +
      `raise ${variable} if its types are wanted, or else stop it, and only then run ` +
      'bq update --clear_label pipeline_table_guard p:d._quarantine: while the limit is reached, it is set again';
    expect(error.mock.calls).toEqual([
      [
        { limit, used: 7, max: 7, remedy },
        'limit on tables reached: no table is created for an unknown type',
      ],
    ]);
  });
});
