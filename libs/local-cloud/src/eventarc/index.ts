export { startEventarcEmulator } from './start-eventarc-emulator.js';
