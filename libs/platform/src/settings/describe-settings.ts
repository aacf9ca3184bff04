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

const LINE_LENGTH = 118;
const ENTRY = /^- `(\w+)` \((required|none|default empty|default `[^`]*`)\): (.+)\. _Set it to_ (.+)\.$/;

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

/**
 * Renders the settings list of a README, which a spec compares with {@link parseSettings} of that README.
 *
 * Shape: ``- `PORT` (default `8080`): Port to listen on. _Set it to_ a whole number ….``, wrapped.
 */
export function renderSettings(settings: readonly SettingDescription[]): string {
  return settings
    .map(({ variable, fallback, expects, purpose }) =>
      wrap(`- \`${variable}\` (${toOrigin(fallback)}): ${purpose}. _Set it to_ ${expects}.`),
    )
    .join('\n');
}

/** Reads the settings list back out of a Markdown text, regardless of its line breaks. */
export function parseSettings(markdown: string): readonly SettingDescription[] {
  const entries = markdown.replaceAll(/\n {2}(?=\S)/g, ' ').split('\n');
  return entries.flatMap((entry) => {
    const [, variable = '', origin = '', purpose = '', expects = ''] = ENTRY.exec(entry) ?? [];
    return variable === '' ? [] : [{ variable, fallback: toFallback(origin), expects, purpose }];
  });
}

function toOrigin(fallback: string): string {
  if (fallback === 'required' || fallback === 'none') return fallback;
  return fallback === '' ? 'default empty' : `default \`${fallback}\``;
}

function toFallback(origin: string): string {
  return origin === 'default empty' ? '' : origin.replace(/^default `(.*)`$/, '$1');
}

/** Breaks a list entry at spaces, with continuation lines indented by two. */
function wrap(entry: string): string {
  const lines: string[] = [];
  for (const word of entry.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined) lines.push(word);
    else if (line.length + word.length < LINE_LENGTH) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines.join('\n');
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
