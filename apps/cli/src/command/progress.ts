import { printable } from './printable.js';

/** The progress of long work on stderr: redrawn in place on a terminal, a line every two seconds elsewhere. */
export class Progress {
  #shown = false;
  #atMs = 0;

  constructor(private readonly stream: { readonly isTTY?: boolean; write(text: string): unknown }) {}

  /** Shown unless something was shown just before. */
  show(text: string): void {
    const everyMs = this.stream.isTTY === true ? 100 : 2_000;
    const nowMs = performance.now();
    if (this.#atMs !== 0 && nowMs - this.#atMs < everyMs) return;
    this.showNow(text);
  }

  /** For what is said once: a step that begins. */
  showNow(given: string): void {
    const text = printable(given);
    const nowMs = performance.now();
    this.#atMs = nowMs;
    if (this.stream.isTTY === true) {
      this.#shown = true;
      this.stream.write(`\r\u001B[K${text}`);
    } else {
      this.stream.write(`${text}\n`);
    }
  }

  /** Writes a line that stays. */
  say(text: string): void {
    this.end();
    this.stream.write(`${printable(text)}\n`);
  }

  /** Clears the line that is redrawn. */
  end(): void {
    if (this.#shown) this.stream.write('\r\u001B[K');
    this.#shown = false;
  }
}
