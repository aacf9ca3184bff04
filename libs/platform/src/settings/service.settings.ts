import 'reflect-metadata';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsNotEmpty, IsString, Matches, Max, Min } from 'class-validator';
import type { SettingSource } from './settings-class.js';

/** Levels of pino, from the most to the least verbose. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * Settings of every service. An app extends the class, adds its own and spreads `sources`.
 *
 * Shape of an app's class: `class Mine extends ServiceSettings { static override readonly sources = {...} }`.
 */
export class ServiceSettings {
  static readonly sources: Readonly<Record<string, SettingSource>> = {
    host: {
      variable: 'HOST',
      expects: 'an address of this machine, 0.0.0.0 for all of them',
      purpose: 'Address to listen on',
    },
    port: {
      variable: 'PORT',
      expects: 'a whole number from 0 to 65535, 0 for any free port',
      purpose: 'Port to listen on',
    },
    logLevel: {
      variable: 'LOG_LEVEL',
      expects: `one of ${LOG_LEVELS.join(', ')}`,
      purpose: 'Lowest severity that is logged',
    },
    projectId: {
      variable: 'GCP_PROJECT_ID',
      expects: 'the id of a Google Cloud project',
      purpose: 'Project of all resources and traces',
    },
  };

  @IsString()
  @IsNotEmpty()
  readonly host: string = '0.0.0.0';

  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(65_535)
  readonly port: number = 8080;

  @IsIn(LOG_LEVELS)
  readonly logLevel: LogLevel = 'info';

  /** Source: https://cloud.google.com/resource-manager/docs/creating-managing-projects, read 2026-11-22. */
  @Matches(/^(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/)
  readonly projectId: string = 'local-project';
}
