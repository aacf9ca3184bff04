import { ValidationPipe, type ValidationError } from '@nestjs/common';
import type { ClassConstructor } from 'class-transformer';
import { RequestFailure, type FieldProblem } from './request-failure.js';

/**
 * Creates the validation pipe of all requests: class-validator classes in, typed instances out, unknown fields refused.
 *
 * Shape of a refusal: status 400, code `INVALID_REQUEST`, one entry of `fields` per broken rule.
 */
export function createRequestValidationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    stopAtFirstError: false,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => toRequestFailure(errors),
  });
}

/** Checks a part of a request whose class depends on another part, by the rules of the pipe. @throws RequestFailure 400 */
export async function validateInput<Input extends object>(
  Class: ClassConstructor<Input>,
  value: unknown,
): Promise<Input> {
  const pipe = createRequestValidationPipe();
  return (await pipe.transform(value, { type: 'body', metatype: Class })) as Input;
}

/** Turns class-validator's tree of errors into the answer of {@link createRequestValidationPipe}. */
function toRequestFailure(errors: readonly ValidationError[]): RequestFailure {
  const fields = errors.flatMap((error) => toProblems(error, ''));
  return new RequestFailure({
    status: 400,
    code: 'INVALID_REQUEST',
    message: fields.map((problem) => problem.message).join('; ') || 'The request is invalid',
    fields,
  });
}

function toProblems(error: ValidationError, parent: string): FieldProblem[] {
  const field = parent === '' ? error.property : `${parent}.${error.property}`;
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({ field, rule, message }));
  return [...own, ...(error.children ?? []).flatMap((child) => toProblems(child, field))];
}
