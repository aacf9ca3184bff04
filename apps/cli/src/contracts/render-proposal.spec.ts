import { describe, expect, it } from '@jest/globals';
import type { Proposal } from './plan-proposal.js';
import {
  PROPOSAL_TRAILER,
  renderCommitMessage,
  renderProposals,
  renderPullRequest,
} from './render-proposal.js';

const PROPOSAL: Proposal = {
  table: 'orders',
  file: 'contracts/orders.odcs.yaml',
  text: '',
  differences: [
    { kind: 'undeclared', path: ['discount'], from: 'NUMERIC' },
    { kind: 'type', path: ['items', 'price'], from: 'NUMERIC', to: 'INT64', isWidening: false, line: 9 },
  ],
  approvals: [
    {
      table: 'orders',
      path: '/dis`count',
      kind: 'add',
      type: 'NUMERIC',
      values: 3,
      valuesPerHour: 1.5,
      firstMessageId: '17',
      firstSeen: '2026-11-29T06:00:00Z',
      lastSeen: '2026-11-29T08:00:00Z',
      days: 1,
      attributes: {},
      sample: '9.9 | @ada',
      warnings: ['DATA_KEY'],
      rejectedAt: null,
    },
  ],
  total: 4,
};

describe('renderPullRequest', () => {
  it('lists what merging makes, and what waits, with texts of events in code spans', () => {
    const { title, body } = renderPullRequest(PROPOSAL);

    expect(title).toBe('contracts: 2 changes of orders');
    expect(body).toContain('- `discount NUMERIC`\n- `items.price: INT64 → NUMERIC`\n');
    expect(body).toContain("| `/dis'count` | NUMERIC | 3 | 1.5 | `9.9 ¦ @ada` | `17` | DATA_KEY |");
    expect(body).toContain('3 more changes wait; they come after this one.');
  });
});

describe('renderCommitMessage', () => {
  it('ends with the line by which a proposal is recognised', () => {
    expect(renderCommitMessage(PROPOSAL).split('\n')).toEqual([
      'contracts: 2 changes of orders',
      '',
      '- discount NUMERIC',
      '- items.price: INT64 → NUMERIC',
      '',
      PROPOSAL_TRAILER,
      '',
    ]);
  });
});

describe('renderProposals', () => {
  it('says what was written, and that nothing was', () => {
    expect(renderProposals([PROPOSAL], true).split('\n')[0]).toBe(
      'contracts/orders.odcs.yaml: 2 changes (nothing was written)',
    );
    expect(renderProposals([], false)).toBe(
      'The files have every column that is there or waits: nothing to propose.',
    );
  });
});
