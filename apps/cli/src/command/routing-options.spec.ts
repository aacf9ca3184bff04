import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { DEFAULT_EVENT_TYPE_SOURCES } from '@pipeline/schema-inference';
import { routingOf, withRouting } from './routing-options.js';

const NAMES = ['EVENT_TYPE_FROM', 'EVENT_ROUTES'] as const;
const kept = new Map(NAMES.map((name) => [name, process.env[name]]));

beforeEach(() => {
  for (const name of NAMES) Reflect.deleteProperty(process.env, name);
});
afterEach(() => {
  for (const [name, value] of kept) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
});

function parse(...given: string[]): unknown {
  const command = withRouting(new Command('plan'))
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  command.parse(given, { from: 'user' });
  return routingOf(command.opts());
}

describe('withRouting', () => {
  it('has the defaults of the services', () => {
    expect(parse()).toEqual({ routes: { order: 'orders' } });
  });

  it('reads the settings of the services', () => {
    process.env['EVENT_TYPE_FROM'] = 'field:/meta/kind, attribute:kind';
    process.env['EVENT_ROUTES'] = '{"a":"b"}';

    expect(parse()).toEqual({
      routes: { a: 'b' },
      eventTypeFrom: [
        { kind: 'field', path: ['meta', 'kind'] },
        { kind: 'attribute', name: 'kind' },
      ],
    });
  });

  it('takes options before settings, and the default for an empty setting', () => {
    process.env['EVENT_TYPE_FROM'] = '';
    process.env['EVENT_ROUTES'] = '';
    expect(parse()).toEqual({ routes: { order: 'orders' }, eventTypeFrom: DEFAULT_EVENT_TYPE_SOURCES });

    process.env['EVENT_TYPE_FROM'] = 'cloudevent';
    expect(parse('--event-type-from', 'constant:all', '--routes', '{}')).toEqual({
      routes: {},
      eventTypeFrom: [{ kind: 'constant', eventType: 'all' }],
    });
  });

  it.each([
    ['--event-type-from', 'nowhere', /nowhere/],
    ['--event-type-from', 'constant:a, field:b', /constant: must be the last/],
    ['--routes', 'order=orders', /Routes are a JSON object/],
  ])('refuses %s %s', (option, value, message) => {
    expect(() => parse(option, value)).toThrow(message);
  });
});
