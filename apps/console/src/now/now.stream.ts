import { Inject, Injectable, type MessageEvent, type OnModuleDestroy } from '@nestjs/common';
import { CloudError } from '@pipeline/google-clients';
import {
  catchError,
  concat,
  defer,
  EMPTY,
  exhaustMap,
  from,
  of,
  ReplaySubject,
  share,
  Subject,
  takeUntil,
  timer,
  type Observable,
} from 'rxjs';
import { NowService } from './now.service.js';

/** Milliseconds between two readings. */
export const REFRESH_MS = Symbol('REFRESH_MS');

/**
 * The readings of {@link NowService} as they are taken, one series for all pages. It runs while a page listens; a page that
 * joins gets the last reading at once; if its refresh time is over, as `outdated`.
 *
 * Shape of a message: `{type: 'now', data: NowView}`, `{type: 'outdated', data: NowView}`, or
 * `{type: 'failure', data: {code, message}}` if a reading failed; the next one is taken all the same.
 */
@Injectable()
export class NowStream implements OnModuleDestroy {
  readonly #stopped = new Subject<void>();
  readonly messages: Observable<MessageEvent>;

  constructor(service: NowService, @Inject(REFRESH_MS) refreshMs: number) {
    const reading = defer(() => from(service.read()));
    const outdated = defer(() => {
      const data = service.outdated();
      return data === null ? EMPTY : of<MessageEvent>({ type: 'outdated', data });
    });
    const readings = timer(0, refreshMs).pipe(
      exhaustMap(() =>
        reading.pipe(
          exhaustMap((data) => of<MessageEvent>({ type: 'now', data })),
          catchError((cause: unknown) => {
            const { code, message } = CloudError.from(cause);
            return of<MessageEvent>({ type: 'failure', data: { code, message } });
          }),
        ),
      ),
    );
    this.messages = concat(outdated, readings).pipe(
      takeUntil(this.#stopped),
      share({ connector: () => new ReplaySubject(1), resetOnRefCountZero: true }),
    );
  }

  /** Ends the streams, so that the service can stop. */
  onModuleDestroy(): void {
    this.#stopped.next();
  }
}
