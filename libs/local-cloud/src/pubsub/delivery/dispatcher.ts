/** Delivers the messages of one subscription to its destination until it is stopped. */
export interface Dispatcher {
  stop(): void;
}
