export { startPubsubEmulator } from './start-pubsub-emulator.js';
export type { PubsubEmulator, PubsubEmulatorOptions } from './start-pubsub-emulator.js';
