import { invalidQuery } from '../../rules/api-error.js';
import type { TokenReader } from './token-reader.js';
import type { TypeName } from './tree.js';
import { readTypeName } from './type-parser.js';

/** A parameter of a function; without a type, one of ANY TYPE. */
export interface FunctionParameter {
  readonly name: string;
  readonly type: TypeName | undefined;
}

/** `(name TYPE, other ANY TYPE)`. */
export function readParameters(reader: TokenReader): FunctionParameter[] {
  const parameters: FunctionParameter[] = [];
  reader.expect('(');
  while (!reader.is(')')) {
    const name = reader.identifier();
    if (reader.is('TABLE')) throw invalidQuery('Not supported by this server: parameters of type TABLE');
    parameters.push({ name, type: reader.accept('ANY', 'TYPE') ? undefined : readTypeName(reader) });
    if (!reader.accept(',')) break;
  }
  reader.expect(')');
  return parameters;
}

/** Throws for a function whose body is not SQL. */
export function refuseLanguages(reader: TokenReader): void {
  if (reader.is('LANGUAGE') || reader.is('REMOTE'))
    throw invalidQuery('Not supported by this server: functions in other languages than SQL');
}
