export { parsePush } from './parse-push.js';
export { isRfc3339 } from './rfc3339.js';
export type { ParsedPush, PubsubMessage, PushRequest, RejectedPush } from './push-request.js';
