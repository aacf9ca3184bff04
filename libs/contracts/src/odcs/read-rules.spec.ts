import { describe, expect, it } from '@jest/globals';
import type { ItemsDto } from './contract.dto.js';
import { readRules } from './read-rules.js';

describe('readRules', () => {
  it.each<readonly [string, Partial<ItemsDto>, readonly object[]]>([
    ['nothing', {}, []],
    ['required', { required: true }, [{ kind: 'required' }]],
    [
      'limits, as the file has them',
      { logicalTypeOptions: { minimum: 0, maximum: '2026-01-01', minItems: 1, format: 'i32' } },
      [
        { kind: 'minimum', limit: '0' },
        { kind: 'maximum', limit: '2026-01-01' },
        { kind: 'minItems', limit: '1' },
      ],
    ],
    ['the values of the standard 3.2', { enum: ['a', { value: 2 }] }, [{ kind: 'enum', values: ['a', '2'] }]],
    [
      'the quality rules of the standard 3.1',
      {
        quality: [
          { metric: 'invalidValues', arguments: { validValues: [true], pattern: 'x' } },
          { metric: 'rowCount' },
        ],
      },
      [
        { kind: 'enum', values: ['true'] },
        { kind: 'pattern', pattern: 'x' },
      ],
    ],
  ])('reads %s', (_what, property, rules) => {
    expect(readRules(property)).toEqual({ rules, mistakes: [] });
  });

  it.each<readonly [string, Partial<ItemsDto>, string]>([
    [
      'a limit that is none',
      { logicalTypeOptions: { minimum: [1] } },
      'logicalTypeOptions.minimum is no number and no text',
    ],
    ['a list that is empty', { enum: [] }, 'enum is no list of values'],
    ['values that are objects', { enum: [{ a: 1 }] }, 'enum is no list of values'],
    [
      'a pattern that is none',
      { logicalTypeOptions: { pattern: '(' } },
      'logicalTypeOptions.pattern has no pattern that BigQuery can check: (',
    ],
    [
      'a lookahead',
      { logicalTypeOptions: { pattern: '(?!a)' } },
      'logicalTypeOptions.pattern has no pattern that BigQuery can check: (?!a)',
    ],
    [
      'a pattern that is a number',
      { logicalTypeOptions: { pattern: 1 } },
      'logicalTypeOptions.pattern has a pattern that is no text',
    ],
  ])('names %s', (_what, property, problem) => {
    expect(readRules(property)).toEqual({ rules: [], mistakes: [expect.objectContaining({ problem })] });
  });
});
