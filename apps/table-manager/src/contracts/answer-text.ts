import type { PendingAnswer } from '@pipeline/books';

/**
 * Writes answers as JSON. The list, megabytes with 10,000 changes, is written once for all answers from the same figures.
 */
export class AnswerText {
  #approvals: PendingAnswer['approvals'] | null = null;
  #bytes = Buffer.alloc(0);

  of({ approvals, ...figures }: PendingAnswer): Buffer {
    if (approvals !== this.#approvals) {
      this.#approvals = approvals;
      this.#bytes = Buffer.from(`,"approvals":${JSON.stringify(approvals)}}`);
    }
    return Buffer.concat([Buffer.from(JSON.stringify(figures).slice(0, -1)), this.#bytes]);
  }
}
