export {
  type BigqueryEmulator,
  type BigqueryEmulatorOptions,
  startBigqueryEmulator,
} from './bigquery-emulator.js';
