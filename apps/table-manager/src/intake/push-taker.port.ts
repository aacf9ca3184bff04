import type { PushRequest } from '@pipeline/cloudevents';
import type { Taken } from './take-outcome.js';

/** The rest of the work on a push that cannot be answered at once. */
export type Later = () => Promise<Taken>;

/** Takes a push to its end, in one of the two ways that DELIVERY_MODE names. Never throws for what is in it. */
export interface PushTaker {
  take(request: PushRequest): Taken | Later;
}

export const PUSH_TAKER = Symbol('PUSH_TAKER');
