import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { describeSettings, loadSettings, parseSettings } from '@pipeline/platform';
import { EventGeneratorSettings } from './event-generator.settings.js';

describe('EventGeneratorSettings', () => {
  it('need nothing to be set', () => {
    expect({ ...loadSettings(EventGeneratorSettings, {}) }).toEqual({
      host: '0.0.0.0',
      port: 8080,
      logLevel: 'info',
      projectId: 'local-project',
      topic: 'backend-events-topic',
      publishTimeoutMs: 20_000,
    });
  });

  it.each([
    ['127.0.0.1:8085', true],
    ['pubsub:8085', true],
    ['[::1]:8085', true],
    ['http://127.0.0.1:8085', false],
    ['127.0.0.1', false],
  ])('takes %s as an emulator: %p', (host, isTaken) => {
    const load = (): unknown => loadSettings(EventGeneratorSettings, { PUBSUB_EMULATOR_HOST: host });

    if (isTaken) {
      expect(load()).toMatchObject({ pubsubEmulatorHost: host });
    } else {
      expect(load).toThrow('Set PUBSUB_EMULATOR_HOST to host:port of a Pub/Sub emulator');
    }
  });

  it.each(['x', '1topic', 'projects/p/topics/t', 'a b c'])('refuses %s as a topic', (topic) => {
    expect(() => loadSettings(EventGeneratorSettings, { TOPIC: topic })).toThrow(
      'Set TOPIC to the name of a Pub/Sub topic',
    );
  });

  it('are what the README shows', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

    expect(parseSettings(readme)).toEqual(describeSettings(EventGeneratorSettings));
  });
});
