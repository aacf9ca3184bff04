import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { describeSettings, parseSettings } from './settings/describe-settings.js';
import { ServiceSettings } from './settings/service.settings.js';

describe('README.md of platform', () => {
  it('shows the settings that the code reads', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

    expect(parseSettings(readme)).toEqual(describeSettings(ServiceSettings));
  });
});
