import { describe, expect, it } from '@jest/globals';
import { isAtLeast, roleOf } from './role.js';

const LISTS = { operators: ['ada@example.com', '@ops.example.com'], admins: ['Root@example.com'] };

describe('roleOf', () => {
  it.each([
    ['ADA@example.com', 'viewer', 'operator'],
    ['bo@ops.example.com', 'viewer', 'operator'],
    ['root@example.com', 'viewer', 'admin'],
    ['eve@example.com', 'viewer', 'viewer'],
    ['eve@evil-ops.example.com', 'viewer', 'viewer'],
    ['ada@example.com', 'admin', 'admin'],
  ] as const)('of %s, when everyone is %s, is %s', (email, role, expected) => {
    expect(roleOf(email, { ...LISTS, role })).toBe(expected);
  });
});

describe('isAtLeast', () => {
  it('orders viewer, operator and admin', () => {
    expect([
      isAtLeast('admin', 'operator'),
      isAtLeast('operator', 'operator'),
      isAtLeast('viewer', 'operator'),
    ]).toEqual([true, true, false]);
  });
});
