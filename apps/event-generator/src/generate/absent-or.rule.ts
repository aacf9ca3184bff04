import { ValidateIf } from 'class-validator';

/** The other rules of the property hold unless it is absent. Unlike `IsOptional`, `null` is checked too. */
export function IsAbsentOr(): PropertyDecorator {
  return ValidateIf((_body: object, value: unknown) => value !== undefined);
}
