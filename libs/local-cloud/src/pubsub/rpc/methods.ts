import type { Methods } from './method.js';
import { SNAPSHOT_METHODS } from './snapshot-methods.js';
import { SUBSCRIPTION_METHODS } from './subscription-methods.js';
import { TOPIC_METHODS } from './topic-methods.js';

/** By RPC name; what is not here answers UNIMPLEMENTED. */
export const METHODS: Methods = { ...TOPIC_METHODS, ...SUBSCRIPTION_METHODS, ...SNAPSHOT_METHODS };
