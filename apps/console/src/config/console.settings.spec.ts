import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { describeSettings, loadSettings, parseSettings } from '@pipeline/platform';
import { ConsoleSettings } from './console.settings.js';

describe('ConsoleSettings', () => {
  it('need nothing to be set', () => {
    expect({ ...loadSettings(ConsoleSettings, {}) }).toEqual({
      host: '127.0.0.1',
      port: 8082,
      logLevel: 'info',
      projectId: 'local-project',
      role: 'viewer',
      operators: [],
      admins: [],
      topic: 'backend-events-topic',
      replayTopic: 'backend-events-replay',
      dataset: 'prod_events_dataset',
      eventRoutes: { order: 'orders' },
      eventTypeFrom: 'field:event_type, attribute:event_type, cloudevent',
      inProgressSeconds: 900,
      localAddresses: {},
      refreshSeconds: 60,
      maxBytes: 10_000_000_000,
    });
  });

  it.each([
    ['an address that others reach', { HOST: '0.0.0.0' }, 'HOST'],
    ['a role that does not exist', { CONSOLE_ROLE: 'root' }, 'CONSOLE_ROLE'],
    ['an audience of another kind', { IAP_AUDIENCE: 'https://console.example' }, 'IAP_AUDIENCE'],
    ['an operator without an address', { CONSOLE_OPERATORS: 'ada' }, 'CONSOLE_OPERATORS'],
    ['a dataset with a dash', { DATASET: 'a-b' }, 'DATASET'],
    ['routes that are no JSON', { EVENT_ROUTES: 'a=b' }, 'EVENT_ROUTES'],
    ['a repository with a script', { CONTRACTS_REPOSITORY: 'javascript:alert(1)' }, 'CONTRACTS_REPOSITORY'],
    [
      'a repository with a token',
      { CONTRACTS_REPOSITORY: 'https://t@github.com/a/b' },
      'CONTRACTS_REPOSITORY',
    ],
    ['an emulator that is no URL', { BIGQUERY_EMULATOR_HOST: '127.0.0.1:9050' }, 'BIGQUERY_EMULATOR_HOST'],
  ])('refuses %s by name', (_name, env, variable) => {
    expect(() => loadSettings(ConsoleSettings, env)).toThrow(`Set ${variable} to`);
  });

  it('allow any address behind Identity-Aware Proxy, where roles are lists of accounts', () => {
    const env = {
      HOST: '0.0.0.0',
      IAP_AUDIENCE: '/projects/1/locations/us-central1/services/console',
      CONSOLE_OPERATORS: 'ada@example.com, @ops.example.com',
    };

    expect(loadSettings(ConsoleSettings, env)).toMatchObject({
      host: '0.0.0.0',
      role: 'viewer',
      operators: ['ada@example.com', '@ops.example.com'],
    });
  });

  it('take the address of a repository with or without a slash at its end', () => {
    const env = { CONTRACTS_REPOSITORY: 'https://github.com/example/contracts/' };

    expect(loadSettings(ConsoleSettings, env).contractsRepository).toBe(
      'https://github.com/example/contracts',
    );
  });

  it('are what the README shows', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

    expect(parseSettings(readme)).toEqual(describeSettings(ConsoleSettings));
  });
});
