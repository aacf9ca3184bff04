import { RateLimiter } from 'limiter';

/** Returns a function that waits so that calls come at most `perSecond` times in any second. */
export function createPace(perSecond: number): () => Promise<void> {
  const limiter = new RateLimiter({ tokensPerInterval: perSecond, interval: 'second' });
  return async () => {
    await limiter.removeTokens(1);
  };
}
