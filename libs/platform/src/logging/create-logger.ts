import { isErrorLike } from '../error-like.js';
import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import type { LogLevel } from '../settings/service.settings.js';
import { currentTraceFields } from './request-logging.js';
import { standardOutput } from './standard-output.js';

/** Source: https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#LogSeverity, read 2026-11-22. */
const SEVERITIES: Readonly<Record<string, string>> = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

/**
 * Creates a pino logger that writes Cloud Logging's structured JSON, one object per line.
 *
 * Shape: `{"severity":"INFO","time":"2026-11-22T10:00:00.000Z","service":"event-generator","message":"listening"}`.
 * An `err` field is written as `{type, message, stack, code?}`, never with an SDK's request or response inside. Lines
 * written during a request carry its trace if a project is given.
 * @param destination standard output by default
 */
export function createLogger(
  options: { service: string; level: LogLevel; projectId?: string },
  destination: DestinationStream = standardOutput(),
): Logger {
  const { projectId } = options;
  const settings: LoggerOptions = {
    level: options.level,
    messageKey: 'message',
    base: { service: options.service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ severity: SEVERITIES[label] ?? 'DEFAULT' }) },
    serializers: { err: toLoggedError },
    ...(projectId === undefined ? {} : { mixin: () => currentTraceFields(projectId) }),
  };
  return pino(settings, destination);
}

/** The loggable part of an error, without the payload, request and credentials that SDKs attach to errors. */
export function toLoggedError(error: unknown): Record<string, unknown> {
  if (!isErrorLike(error)) {
    return { type: typeof error, message: String(error) };
  }
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(error.cause === undefined ? {} : { cause: toLoggedError(error.cause) }),
  };
}
