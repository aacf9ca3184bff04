export { type BigqueryEmulator, startBigqueryEmulator } from './bigquery-emulator.js';
