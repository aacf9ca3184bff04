import { describe, expect, it } from '@jest/globals';
import { restlessEvent, restlessTypes } from './restless-events.js';

describe('restlessEvent', () => {
  it('has the newest fields in the root, a record and an array of records', () => {
    expect(restlessEvent('restless_1', 4, { share: 0, fields: 3 })).toEqual({
      event_type: 'restless_1',
      n: 4,
      code: 4,
      amount: 4,
      state: 'state 4',
      field_0: 'value 4',
      nested: { n: 4, field_1: 'value 4' },
      items: [{ weight: 4, field_2: 'value 4' }, { weight: 1 }],
    });
  });

  it('leaves out fields that are older than the nine newest', () => {
    const fields = JSON.stringify(restlessEvent('restless_1', 4, { share: 0, fields: 30 })).match(
      /field_\d+/g,
    );

    expect(fields?.map((name) => Number(name.slice(6))).sort((left, right) => left - right)).toEqual([
      21, 22, 23, 24, 25, 26, 27, 28, 29,
    ]);
  });

  it('widens numbers, turns codes into text, and conflicts later in a run', () => {
    expect(restlessEvent('restless_1', 70, { share: 0.9, fields: 0 })).toMatchObject({
      code: 'c-70',
      amount: 70.5,
      items: [{ weight: 70.25 }, { weight: 1 }],
    });
    expect(restlessEvent('restless_1', 10, { share: 0.9, fields: 1 })).toMatchObject({
      field_0: { conflict: 10 },
    });
  });

  it('has a table for each producer', () => {
    expect(restlessTypes()).toEqual(['restless_1', 'restless_2', 'restless_3']);
  });
});
