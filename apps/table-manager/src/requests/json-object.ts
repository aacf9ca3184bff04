import { RequestFailure, type FieldProblem } from '@pipeline/platform';

/**
 * Returns the JSON object of a body; without a body an empty one.
 * @throws RequestFailure 400 for anything else
 */
export function readJsonObject(body: unknown): Readonly<Record<string, unknown>> {
  if (!(body instanceof Uint8Array) || body.byteLength === 0) return {};
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString());
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Readonly<Record<string, unknown>>;
    }
  } catch {
    // refused below in the same words
  }
  throw invalidRequest([{ field: '', rule: 'isObject', message: 'the body is a JSON object' }]);
}

/** The problems of fields that a request does not have. */
export function unknownFields(
  given: Readonly<Record<string, unknown>>,
  known: readonly string[],
): readonly FieldProblem[] {
  return Object.keys(given)
    .filter((field) => !known.includes(field))
    .map((field) => ({ field, rule: 'whitelistValidation', message: `${field} is not known` }));
}

/** The 400 that names every field that is wrong. */
export function invalidRequest(fields: readonly FieldProblem[]): RequestFailure {
  const message = fields.map((problem) => problem.message).join('; ');
  return new RequestFailure({ status: 400, code: 'INVALID_REQUEST', message, fields });
}
