/**
 * Source of one property of a settings class.
 *
 * Shape: `{variable: 'PORT', expects: 'a whole number from 0 to 65535', purpose: 'Port to listen on'}`.
 */
export interface SettingSource {
  /** Name of the environment variable. */
  readonly variable: string;
  /** Completes the sentence "Set VARIABLE to …". */
  readonly expects: string;
  /** Purpose of the setting for the README, one sentence without a full stop. */
  readonly purpose: string;
}

/**
 * A class whose class-validator decorators are the rules, whose initial values are the defaults and whose
 * static `sources` name the variables. A property without an initial value is required unless `@IsOptional()`.
 */
export interface SettingsClass<T extends object> {
  new (): T;
  readonly sources: Readonly<Record<string, SettingSource>>;
}
