import { registerDecorator, type ValidationArguments, type ValidationOptions } from 'class-validator';

/**
 * class-validator rule: a number that is below that of another property of the same settings.
 *
 * Shape: `@IsBelow('eventDeadlineMs', 'EVENT_DEADLINE_MS')`; the variable is for the message.
 */
export function IsBelow(other: string, variable: string, options: ValidationOptions = {}): PropertyDecorator {
  return (target, property) => {
    registerDecorator({
      name: 'isBelow',
      target: target.constructor,
      propertyName: String(property),
      options,
      validator: {
        validate: (value: unknown, context?: ValidationArguments) =>
          Number(value) < Number((context?.object as Record<string, unknown> | undefined)?.[other]),
        defaultMessage: () => `${String(property)} must be below ${variable}`,
      },
    });
  };
}
