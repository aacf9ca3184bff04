import type { PushRequest } from '@pipeline/cloudevents';
import type { Taken } from './take-outcome.js';

/** Takes a push to its end, in one of the two ways that DELIVERY_MODE names. Never throws for what is in it. */
export interface PushTaker {
  take(request: PushRequest): Taken | Promise<Taken>;
}

export const PUSH_TAKER = Symbol('PUSH_TAKER');
