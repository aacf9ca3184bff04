import { describe, expect, it } from '@jest/globals';
import type { OverflowGroup } from '@pipeline/books';
import { remedyFor } from './overflow-remedy.js';

const GROUP: OverflowGroup = {
  table: 'orders',
  path: '/items/*/price',
  reason: 'NOT_WIDENABLE',
  values: 3,
  firstSeen: '2026-11-29T10:00:00.000000Z',
  lastSeen: '2026-11-29T11:00:00.000000Z',
  sampleMessageId: '17',
  samplePointer: '/items/0/price',
};
const words = (group: Partial<OverflowGroup>): string =>
  remedyFor({ ...GROUP, ...group }, (command) => `npx pipeline ${command} --local`);

describe('remedyFor', () => {
  it.each<[Partial<OverflowGroup>, string]>([
    [{ reason: 'AWAITING_COLUMN' }, 'npx pipeline promote orders --local'],
    [{ reason: 'NOT_WIDENABLE' }, 'npx pipeline retype orders items.price NUMERIC --dry-run --local'],
    [{ reason: 'TYPE_CONFLICT', path: '/total' }, 'npx pipeline retype orders total JSON --dry-run --local'],
    [
      { reason: 'AWAITING_APPROVAL', path: '/items/*/sku' },
      "npx pipeline approve orders '/items/*/sku' --local",
    ],
    [{ reason: 'AWAITING_APPROVAL', path: '/order-id' }, 'npx pipeline approve orders /order-id --local'],
    [{ reason: 'MIXED_ARRAY', path: '/tags' }, 'npx pipeline retype orders tags JSON --dry-run --local'],
    [{ reason: 'NULL_IN_ARRAY', path: '/tags' }, 'npx pipeline retype orders tags JSON --dry-run --local'],
    [{ reason: 'OUT_OF_RANGE', path: '/day' }, 'npx pipeline retype orders day STRING --dry-run --local'],
    [
      { reason: 'NUMBER_NOT_REPRESENTABLE', path: '/n' },
      'npx pipeline retype orders n STRING --numbers-as-text --dry-run --local',
    ],
  ])('names the command that ends %j', (group, command) => {
    expect(words(group)).toContain(command);
  });

  it.each<[Partial<OverflowGroup>]>([
    [{ reason: 'TYPE_CONFLICT', path: '/order-id' }],
    [{ reason: 'SCHEMA_CLOSED' }],
    [{ reason: 'NOT_UNICODE' }],
    [{ reason: null }],
  ])('names no command that could not be pasted for %j', (group) => {
    expect(words(group)).not.toContain('npx pipeline');
  });

  it('approves a change that a contract holds back', () => {
    expect(words({ reason: 'AWAITING_APPROVAL' })).toMatch(
      /wants a person to approve it: npx pipeline approve \S+ \S+/,
    );
  });

  it('says that values beyond the first ones of a row are counted only', () => {
    expect(words({ reason: null, path: '…' })).toBe(
      '…: values beyond the first 1,000 of a row are counted only; explain lists all of one message.',
    );
  });
});
