import { describe, expect, it } from '@jest/globals';
import { codeSpan } from './pull-requests.js';
import { needsWork, renderReview } from './render-review.js';
import type { ReviewedFile } from './review-contracts.js';

const TABLE: ReviewedFile = {
  kind: 'table',
  file: 'contracts/orders.odcs.yaml',
  table: 'orders',
  steps: [{ kind: 'add', path: 'discount', type: 'NUMERIC' }],
  breaking: [{ level: 'error', place: 'orders.note', message: 'The column is gone' }],
  checks: [
    {
      table: 'orders',
      path: 'total',
      rule: { kind: 'minimum', limit: '0' },
      line: 9,
      violations: 2,
      sampleMessageId: '7',
    },
    {
      table: 'orders',
      path: 'any',
      rule: { kind: 'required' },
      line: 12,
      violations: null,
      reason: 'NO_COLUMN',
    },
  ],
  waiting: 3,
};

describe('codeSpan', () => {
  it('keeps the text of an event inside its span, its cell and its line', () => {
    expect(codeSpan('a` @ada\n# | [x](y)')).toBe("`a' @ada # ¦ [x](y)`");
  });
});

describe('renderReview', () => {
  it('shows plan, breaking changes and violated checks of each file', () => {
    expect(renderReview([TABLE], '0123456789abcdef')).toBe(`## Contracts

### \`contracts/orders.odcs.yaml\`

**Plan**

- \`+ discount NUMERIC\`

3 values wait in \`_overflow\`; those that get a column are moved.

**Breaking changes** for readers of the table

- error: \`orders.note: The column is gone\`

**Checks** over the last 24 hours

| column | rule | violations |
|---|---|---|
| \`total\` | \`minimum 0\` | 2 |
| \`any\` | \`required\` | not checked: no such column yet |


As of 0123456789ab. Merging applies it; rows land in any case.`);
  });

  it('shows the mistakes of a file, a file that is gone, a table that is not there, and nothing', () => {
    const review = renderReview(
      [
        { kind: 'mistakes', file: 'contracts/a.odcs.yaml', mistakes: ['a:4: version is not text.'] },
        { kind: 'removed', file: 'contracts/b.odcs.yaml' },
        { ...TABLE, steps: [{ kind: 'create', path: '' }], breaking: [], checks: [], waiting: 0 },
      ],
      'abc',
    );

    expect(review).toContain('- `a:4: version is not text.`');
    expect(review).toContain('The file is removed.');
    expect(review).toContain('- `+ table`');
    expect(renderReview([], 'abc')).toContain('No contract changes.');
  });

  it('needs work for mistakes and for types that no plan makes', () => {
    const conflict: ReviewedFile = {
      ...TABLE,
      steps: [{ kind: 'conflict', path: 'a', from: 'STRING', to: 'INT64' }],
    };

    expect([TABLE, conflict, { kind: 'mistakes', file: 'a', mistakes: [] } as const].map(needsWork)).toEqual([
      false,
      true,
      true,
    ]);
  });
});
