export { startEventarcEmulator } from './start-eventarc-emulator.js';
export type { EventarcEmulator, EventarcEmulatorOptions } from './start-eventarc-emulator.js';
