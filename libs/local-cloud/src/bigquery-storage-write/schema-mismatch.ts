import { BigqueryError } from '../bigquery/rules/api-error.js';

/** The writer's schema does not suit the table as writers know it; `isExtra` when it has a field more. */
export class SchemaMismatch extends BigqueryError {
  readonly isExtra: boolean;

  constructor(
    readonly field: string,
    difference?: string,
  ) {
    super({
      reason: 'invalid',
      message:
        difference === undefined
          ? `Schema mismatch due to extra fields in user schema: ${field}`
          : `The proto field mismatched with BigQuery field: ${field} ${difference}`,
    });
    this.isExtra = difference === undefined;
  }
}
