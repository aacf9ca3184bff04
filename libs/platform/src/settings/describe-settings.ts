import { getMetadataStorage, ValidationTypes } from 'class-validator';
import type { SettingsClass } from './settings-class.js';

/** One row of a README's settings table. */
export interface SettingDescription {
  readonly variable: string;
  /** The default as it would be written in the environment; `required` or `none` where there is no default. */
  readonly fallback: string;
  readonly expects: string;
  readonly purpose: string;
}

const HEADER = '| Variable | Default | Set it to | Purpose |';

/**
 * Lists the settings of a class in the order of its `sources`, for a README and the spec that holds it to the code.
 *
 * Shape: `{variable: 'PORT', fallback: '8080', expects: 'a whole number …', purpose: 'Port to listen on'}`.
 * A property without a default is `none` when it is `@IsOptional()`, else `required`.
 */
export function describeSettings<T extends object>(
  Settings: SettingsClass<T>,
): readonly SettingDescription[] {
  const defaults = new Map<string, unknown>(Object.entries(new Settings()));
  const optional = listOptionalProperties(Settings);
  return Object.entries(Settings.sources).map(([property, source]) => ({
    variable: source.variable,
    fallback: toText(defaults.get(property), optional.has(property)),
    expects: source.expects,
    purpose: source.purpose,
  }));
}

/** Renders the table of a README, which a spec compares with {@link parseSettingsTable} of that README. */
export function renderSettingsTable(settings: readonly SettingDescription[]): string {
  const rows = settings.map(
    ({ variable, fallback, expects, purpose }) =>
      `| \`${variable}\` | ${fallback === 'none' || fallback === 'required' ? fallback : `\`${fallback}\``} | ${expects} | ${purpose} |`,
  );
  return [HEADER, '|---|---|---|---|', ...rows].join('\n');
}

/** Parses the settings table of a Markdown text, however its columns are padded. */
export function parseSettingsTable(markdown: string): readonly SettingDescription[] {
  const lines = markdown.split('\n').map((line) => line.trim().replace(/\s*\|\s*/g, '|'));
  const start = lines.indexOf(HEADER.replace(/\s*\|\s*/g, '|'));
  if (start < 0) {
    return [];
  }
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return rows.slice(0, end < 0 ? undefined : end).map((line) => {
    const [, variable = '', fallback = '', expects = '', purpose = ''] = line.split('|');
    return { variable: unquote(variable), fallback: unquote(fallback), expects, purpose };
  });
}

function listOptionalProperties(Settings: SettingsClass<object>): ReadonlySet<string> {
  const rules = getMetadataStorage().getTargetValidationMetadatas(Settings, '', false, false);
  return new Set(
    rules
      .filter((rule) => rule.type === ValidationTypes.CONDITIONAL_VALIDATION)
      .map((rule) => rule.propertyName),
  );
}

function toText(value: unknown, isOptional: boolean): string {
  if (value === undefined) {
    return isOptional ? 'none' : 'required';
  }
  return Array.isArray(value) ? value.join(',') : typeof value === 'string' ? value : JSON.stringify(value);
}

function unquote(cell: string): string {
  return cell.replace(/^`(.*)`$/, '$1');
}
