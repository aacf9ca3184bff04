import { describe, expect, it } from '@jest/globals';
import { field } from '../testing/fields.builder.js';
import { SchemaTimeline } from './schema-timeline.js';

const FIRST = [field('a', 'STRING')];
const SECOND = [...FIRST, field('b', 'STRING')];

describe('SchemaTimeline', () => {
  it.each<[string, number, number, unknown]>([
    ['nothing while the table is new', 1_009, 10, undefined],
    ['the first schema after the lag', 1_010, 10, FIRST],
    ['the first schema while the change is new', 2_029, 30, FIRST],
    ['the change after the lag of its time', 2_030, 30, SECOND],
    ['the change at once when the lag is taken back', 2_000, 0, SECOND],
    ['what was seen already, when the lag is raised', 2_030, 9_999, SECOND],
  ])('shows %s', (_name, nowMs, lagMs, fields) => {
    const timeline = new SchemaTimeline({ sinceMs: 1_000, lagMs: 10, fields: FIRST });
    timeline.add({ sinceMs: 2_000, lagMs: 30, fields: SECOND });

    expect(timeline.visible(nowMs, lagMs)).toEqual(fields);
  });
});
