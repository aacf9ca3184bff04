/** The parts that `test/harness` and `test/lab` use: the processes of `npm start`, and the output and exit codes of commands. */
export { wholeNumber } from './command/whole-number.js';
export { describeFailure, EXIT, EXIT_CODES_HELP } from './command/exit-codes.js';
export { Progress } from './command/progress.js';
export { textTable } from './command/text-table.js';
export { dataflowJobService, ensureDataflowJob } from './start/dataflow-job.js';
export { MAX_SEED, pause } from './start/event-source.js';
export { ServiceProcess, type ServiceDefinition } from './start/service-process.js';
export { pipelineServices } from './start/services.js';
export { DELIVERY_MODES, type StartOptions } from './start/start.options.js';
