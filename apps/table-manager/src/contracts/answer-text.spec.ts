import { describe, expect, it } from '@jest/globals';
import type { PendingAnswer } from '@pipeline/books';
import { AnswerText } from './answer-text.js';

const ANSWER: PendingAnswer = {
  readAt: '2026-11-29T10:00:00.000Z',
  ageSeconds: 0,
  approvals: [],
  total: 0,
  costs: [],
  failure: null,
};

describe('AnswerText', () => {
  it('is the JSON of each answer, of the same figures at another age and of others', () => {
    const text = new AnswerText();
    const answers = [
      ANSWER,
      { ...ANSWER, ageSeconds: 7, failure: { code: 'UNAVAILABLE', message: 'no answer, "again"' } },
      { ...ANSWER, approvals: [{ table: 'orders', path: '/é' }], total: 1 } as unknown as PendingAnswer,
      ANSWER,
    ];

    expect(answers.map((answer) => JSON.parse(text.of(answer).toString()) as unknown)).toEqual(answers);
  });
});
