import { CloudError } from '@pipeline/google-clients';

/** A row that waits to be sent. */
interface Expiring {
  readonly write: { readonly deadlineAtMs: number };
  readonly reject: (error: CloudError) => void;
}

/** Rejects rows whose delivery is over, because their messages are redelivered. @returns the other rows */
export function rejectExpired<T extends Expiring>(rows: readonly T[]): readonly T[] {
  const now = Date.now();
  return rows.filter(({ write, reject }) => {
    if (write.deadlineAtMs > now) return true;
    reject(
      new CloudError({
        code: 'UNAVAILABLE',
        message: 'The deadline of the row passed before it could be sent',
      }),
    );
    return false;
  });
}
