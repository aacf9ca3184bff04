export { parsePush } from './parse-push.js';
export type { ParsedPush, PubsubMessage, PushRequest, RejectedPush } from './push-request.js';
