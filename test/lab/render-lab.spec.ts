import { describe, expect, it } from '@jest/globals';
import type { LabResult } from './lab.js';
import { renderLab } from './render-lab.js';

const RESULT: LabResult = {
  delivery: 'direct',
  seed: 1,
  durationSeconds: 120,
  replicas: 3,
  sabotage: null,
  thrown: { kill: 2, quota: 31 },
  scenarios: [{ scenario: 'poison', published: 4, rows: 2, deadLetters: { NOT_JSON: 2 }, wrong: 0 }],
  problems: [],
  repeatedLetters: 1,
  books: {
    received: 4,
    rows: 2,
    deadLetters: 2,
    dismissed: 0,
    quarantined: 0,
    inProgress: 0,
    unaccounted: 0,
    duplicates: 1,
    unarchived: 0,
    mistimed: 0,
  },
  deep: { rows: 3, leaves: 9, altered: 0 },
  columnTimes: { changes: 3, medianMs: 200, mostMs: 450, longestMs: 1_250 },
  goodEvents: null,
  restless: null,
  failures: [],
  logDirectory: null,
  passed: true,
};

describe('renderLab', () => {
  it('is one page: what was thrown, what came out, the books, and PASS', () => {
    const page = renderLab(RESULT);

    expect(page).toContain('   31  calls refused: quota exceeded');
    expect(page).toMatch(/poison +4 +2 +2 +0/);
    expect(page).toContain('dead letters: 2 NOT_JSON');
    expect(page).toContain('4 received = 2 rows + 2 dead letters + 0 in progress + 0 unaccounted');
    expect(page).toContain('half within 0.2 s, 95 % within 0.5 s, all within 1.3 s');
    expect(page).toContain('PASS');
    expect(page.split('\n').length).toBeLessThan(40);
  });

  it('has the times of rows and values of the restless scenario', () => {
    const page = renderLab({
      ...RESULT,
      restless: {
        rows: 1_440,
        moved: 512,
        redelivered: 12,
        toRow: { p50Ms: 40, p95Ms: 2_100, p99Ms: 2_400 },
        toValue: { p50Ms: 3_000, p95Ms: 9_000, p99Ms: 12_000 },
        findings: [],
      },
    });

    expect(page).toContain(
      '1440 events from publish to row: half within 0.0 s, 95 % within 2.1 s, 99 % within 2.4 s',
    );
    expect(page).toContain(
      'last value in its column: half within 3.0 s, 95 % within 9.0 s, 99 % within 12.0 s',
    );
    expect(page).toContain(
      '512 values moved to their columns by promotion and the retype; 12 deliveries beyond the first of a message',
    );
  });

  it('names the events of a failure, twenty at most, with what each was expected', () => {
    const problems = Array.from({ length: 22 }, (_, index) => ({
      messageId: String(index),
      scenario: 'drift',
      expected: 'row',
      what: 'lost: neither row nor dead letter',
    }));
    const page = renderLab({ ...RESULT, problems, passed: false, logDirectory: '/tmp/logs' });

    expect(page).toContain('FAIL: 22 findings');
    expect(page).toContain('19  drift  lost: neither row nor dead letter (expected: row)');
    expect(page).not.toContain('20  drift');
    expect(page).toContain('and 2 more');
    expect(page).not.toContain('PASS');
  });

  it('says what was wrong with the run itself', () => {
    const page = renderLab({
      ...RESULT,
      failures: ['table-manager-2 ended with exit code 1'],
      passed: false,
    });

    expect(page).toContain('FAIL: 1 findings\n  table-manager-2 ended with exit code 1');
  });
});
