import { randomUUID } from 'node:crypto';
import { RequestFailure } from '@pipeline/platform';
import type { ActionName, Previewed } from './action.js';

/** A preview that waits for its confirmation. */
export interface KeptPreview extends Previewed {
  readonly kind: ActionName;
  /** Only this person may confirm it. */
  readonly actor: string;
}

/** A decision on figures that are older is no decision. */
const VALID_MS = 15 * 60_000;
/** People preview more than they confirm. */
const MAX_KEPT = 200;

/** The previews of this process, by token. Each is confirmed once. */
export class Previews {
  readonly #kept = new Map<string, { readonly preview: KeptPreview; readonly expiresAtMs: number }>();

  constructor(private readonly now: () => Date) {}

  keep(preview: KeptPreview): { readonly token: string; readonly expiresAt: Date } {
    const token = randomUUID();
    const expiresAtMs = this.now().getTime() + VALID_MS;
    this.#kept.set(token, { preview, expiresAtMs });
    for (const [oldest] of this.#kept) {
      if (this.#kept.size <= MAX_KEPT) break;
      this.#kept.delete(oldest);
    }
    return { token, expiresAt: new Date(expiresAtMs) };
  }

  /** Returns the kind of a preview without taking it; null if there is none of this person. */
  kindOf(token: string, actor: string): ActionName | null {
    const kept = this.#kept.get(token);
    return kept?.preview.actor === actor ? kept.preview.kind : null;
  }

  /** Takes a preview for its run. @throws RequestFailure 409 if it was used, has expired, or is of another person */
  take(token: string, actor: string): KeptPreview {
    const kept = this.#kept.get(token);
    if (kept?.preview.actor === actor) {
      this.#kept.delete(token);
      if (kept.expiresAtMs > this.now().getTime()) return kept.preview;
    }
    throw new RequestFailure({
      status: 409,
      code: 'PREVIEW_EXPIRED',
      message:
        'This preview was used already, is older than 15 minutes, or the console was restarted: look again',
    });
  }
}
