import { describe, expect, it } from '@jest/globals';
import { Transform } from 'class-transformer';
import { IsNotEmpty, IsOptional, IsString } from 'class-validator';
import { PlatformError } from '../platform.errors.js';
import { describeSettings, parseSettings, renderSettings } from './describe-settings.js';
import { loadSettings } from './load-settings.js';
import { ServiceSettings } from './service.settings.js';
import type { SettingSource } from './settings-class.js';

class ExampleSettings extends ServiceSettings {
  static override readonly sources: Readonly<Record<string, SettingSource>> = {
    ...ServiceSettings.sources,
    topic: { variable: 'TOPIC', expects: 'the name of a topic', purpose: 'Where events go' },
    replay: { variable: 'REPLAY', expects: 'the name of a topic', purpose: 'Where replays come from' },
    routes: { variable: 'ROUTES', expects: 'names separated by commas', purpose: 'Known routes' },
  };

  override readonly port: number = 8081;

  @IsString()
  @IsNotEmpty()
  readonly topic!: string;

  @IsOptional()
  @IsString()
  readonly replay?: string;

  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @IsString({ each: true })
  readonly routes: readonly string[] = [];
}

function refuse(env: Record<string, string>): string {
  try {
    loadSettings(ExampleSettings, env);
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'SETTINGS_INVALID') {
      return error.message;
    }
    throw error;
  }
  throw new Error('The settings were accepted');
}

describe('loadSettings', () => {
  it('takes defaults for what is not set or blank', () => {
    const settings = loadSettings(ExampleSettings, { TOPIC: 'events', PORT: ' ', HOST: '' });

    expect({ ...settings }).toEqual({
      host: '0.0.0.0',
      port: 8081,
      logLevel: 'info',
      projectId: 'local-project',
      topic: 'events',
      routes: [],
    });
  });

  it('converts what is set', () => {
    const settings = loadSettings(ExampleSettings, { TOPIC: ' events ', PORT: '0', ROUTES: 'a,b' });

    expect(settings).toMatchObject({ topic: 'events', port: 0, routes: ['a', 'b'] });
  });

  it('gives a frozen object, lists included', () => {
    const settings = loadSettings(ExampleSettings, { TOPIC: 'events', ROUTES: 'a' });

    expect(Object.isFrozen(settings)).toBe(true);
    expect(Object.isFrozen(settings.routes)).toBe(true);
  });

  it.each([
    [
      'a port that is no number',
      { PORT: 'http' },
      'PORT',
      'isInt',
      'Set PORT to a whole number from 0 to 65535',
    ],
    ['a port beyond the range', { PORT: '70000' }, 'PORT', 'max', 'Set PORT to a whole number'],
    [
      'an unknown log level',
      { LOG_LEVEL: 'loud' },
      'LOG_LEVEL',
      'isIn',
      'Set LOG_LEVEL to one of trace, debug',
    ],
    [
      'a malformed project',
      { GCP_PROJECT_ID: 'No' },
      'GCP_PROJECT_ID',
      'matches',
      'the id of a Google Cloud project',
    ],
    ['a missing topic', { TOPIC: '' }, 'TOPIC', 'isNotEmpty', 'Set TOPIC to the name of a topic'],
  ])('names variable, rule and remedy for %s', (_name, env, variable, rule, remedy) => {
    const message = refuse({ TOPIC: 'events', ...env });

    expect(message).toContain(`- ${variable} `);
    expect(message).toContain(`[${rule}]`);
    expect(message).toContain(remedy);
  });

  it('names every wrong variable at once and repeats no value', () => {
    const message = refuse({ PORT: 'hunter2', LOG_LEVEL: 'hunter2' });

    expect(message.split('\n')).toHaveLength(4);
    expect(message).not.toContain('hunter2');
  });
});

describe('describeSettings', () => {
  it('distinguishes defaults, required and optional settings', () => {
    const rows = describeSettings(ExampleSettings).map((row) => [row.variable, row.fallback]);

    expect(rows).toEqual([
      ['HOST', '0.0.0.0'],
      ['PORT', '8081'],
      ['LOG_LEVEL', 'info'],
      ['GCP_PROJECT_ID', 'local-project'],
      ['TOPIC', 'required'],
      ['REPLAY', 'none'],
      ['ROUTES', ''],
    ]);
  });

  it('comes back from the rendered list', () => {
    const rows = describeSettings(ExampleSettings);

    expect(parseSettings(`# Title\n\n${renderSettings(rows)}\n\nMore text (in brackets)\n`)).toEqual(rows);
  });

  it('finds no settings in a text without any', () => {
    expect(parseSettings('# Title\n\n- `a` is no setting\n')).toEqual([]);
  });
});
