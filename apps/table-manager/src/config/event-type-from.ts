import { parseEventTypeSources, type EventTypeSources } from '@pipeline/schema-inference';
import { registerDecorator, type ValidationOptions } from 'class-validator';

/** class-validator rule: text that `parseEventTypeSources` accepts. */
export function IsEventTypeFrom(options: ValidationOptions = {}): PropertyDecorator {
  return (target, property) => {
    registerDecorator({
      name: 'isEventTypeFrom',
      target: target.constructor,
      propertyName: String(property),
      options,
      validator: {
        validate: (value: unknown) => problemOf(value) === null,
        defaultMessage: (context) => `${String(property)}: ${problemOf(context?.value) ?? 'is valid'}`,
      },
    });
  };
}

function problemOf(value: unknown): string | null {
  if (typeof value !== 'string') return 'is not text';
  const parsed = parseEventTypeSources(value);
  return parsed.kind === 'invalid' ? parsed.problem : null;
}

/** Returns the sources of a setting that is validated. */
export function eventTypeSources(setting: string): EventTypeSources {
  const parsed = parseEventTypeSources(setting);
  if (parsed.kind === 'invalid') throw new Error(`EVENT_TYPE_FROM: ${parsed.problem}`);
  return parsed.sources;
}
