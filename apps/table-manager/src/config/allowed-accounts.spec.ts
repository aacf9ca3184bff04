import { describe, expect, it } from '@jest/globals';
import { ALLOWED_ACCOUNT, createAccountCheck } from './allowed-accounts.js';

const isAllowed = createAccountCheck([
  'owner@p.example',
  'deliver=trigger@p.example',
  'audit=scheduler@p.example',
  'operate=person@p.example',
  'audit=person@p.example',
]);

describe('createAccountCheck', () => {
  it.each<[string, string, string, readonly string[]]>([
    ['an event', 'POST', '/', ['owner', 'trigger']],
    ['the landing page', 'GET', '/', ['owner', 'person']],
    ['an audit', 'POST', '/audit', ['owner', 'scheduler', 'person']],
    ['a promotion', 'POST', '/promotions', ['owner', 'scheduler', 'person']],
    ['a run of notices', 'POST', '/notices', ['owner', 'scheduler', 'person']],
    ['a plan', 'POST', '/plan', ['owner', 'person']],
    ['a table', 'GET', '/tables/:table', ['owner', 'person']],
    ['the metrics', 'GET', '/metrics', ['owner', 'person']],
    ['a path without a route', 'POST', '', ['owner', 'person']],
  ])('allows %s to the accounts of its group', (_name, method, route, accounts) => {
    const all = ['owner', 'trigger', 'scheduler', 'person', 'stranger'];

    expect(all.filter((name) => isAllowed(`${name}@p.example`, { method, route }))).toEqual(accounts);
  });

  it.each([
    ['a@p.example', true],
    ['deliver=a@p.example', true],
    ['owner=a@p.example', false],
    ['deliver=', false],
    ['a', false],
    ['=a@p.example', false],
  ])('knows whether %s is an entry: %s', (entry, isEntry) => {
    expect(ALLOWED_ACCOUNT.test(entry)).toBe(isEntry);
  });
});
