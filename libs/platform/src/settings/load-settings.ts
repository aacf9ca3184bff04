import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { PlatformError } from '../platform.errors.js';
import type { SettingsClass } from './settings-class.js';

/**
 * Reads a settings class from the environment, once, at boot: converted, validated and frozen.
 *
 * Shape: `loadSettings(ServiceSettings, {PORT: '9000'})` → `ServiceSettings {port: 9000, host: '0.0.0.0', …}`.
 * An empty or blank variable counts as not set. Variables that the class does not name are ignored.
 * @throws PlatformError `SETTINGS_INVALID`, one line per variable with the rule it breaks and what to set. Values
 *   are never repeated in the message, because a setting may be a secret.
 */
export function loadSettings<T extends object>(
  Settings: SettingsClass<T>,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<T> {
  const given: Record<string, string> = {};
  for (const [property, source] of Object.entries(Settings.sources)) {
    const value = env[source.variable]?.trim();
    if (value !== undefined && value !== '') {
      given[property] = value;
    }
  }
  const settings = plainToInstance(Settings, given, { exposeDefaultValues: true });
  const errors = validateSync(settings, { skipMissingProperties: false, forbidUnknownValues: true });
  if (errors.length > 0) {
    const problems = errors.map((error) => toProblem(error, Settings)).sort();
    throw new PlatformError({
      code: 'SETTINGS_INVALID',
      message: `The service cannot start with these settings:\n${problems.map((line) => `  - ${line}`).join('\n')}`,
    });
  }
  return deepFreeze(settings);
}

function toProblem<T extends object>(error: ValidationError, Settings: SettingsClass<T>): string {
  const source = Settings.sources[error.property];
  const variable = source?.variable ?? error.property;
  const broken = Object.entries(error.constraints ?? {})
    .map(([rule, message]) => `${message.replace(error.property, variable)} [${rule}]`)
    .join('; ');
  return `${broken || `${variable} is invalid`}. Set ${variable} to ${source?.expects ?? 'a valid value'}.`;
}

function deepFreeze<T extends object>(value: T): Readonly<T> {
  for (const child of Object.values(value) as unknown[]) {
    if (typeof child === 'object' && child !== null) {
      deepFreeze(child);
    }
  }
  return Object.freeze(value);
}
