import { describeFailure, EXIT, EXIT_CODES_HELP, MAX_SEED, Progress, wholeNumber } from '@pipeline/cli';
import { Command, InvalidArgumentError, Option } from 'commander';
import { DELIVERIES, SABOTAGES, SCENARIO_PACES, type LabOptions, type Sabotage } from './lab.options.js';
import { runLab, type LabResult } from './lab.js';
import { HOSTILE } from './publish-hostile.js';
import { renderLab } from './render-lab.js';
import { RESTLESS } from './restless-events.js';

/** As commander gives them. */
interface GivenOptions {
  readonly scenario: readonly string[];
  readonly minutes: number;
  readonly seed: number;
  readonly delivery: (typeof DELIVERIES)[number];
  readonly sabotage?: Sabotage;
  readonly replicas: number;
  readonly patience: number;
  readonly maxP99: number;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

const MAX_MINUTES = 1_440;

function minutes(text: string): number {
  const value = Number(text);
  if (/^\d{1,4}(\.\d{1,3})?$/.test(text) && value > 0 && value <= MAX_MINUTES) return value;
  throw new InvalidArgumentError(`Minutes are a number above 0, at most ${MAX_MINUTES}; 0.1 is six seconds.`);
}

function scenarios(text: string): readonly string[] {
  const known = Object.keys(SCENARIO_PACES);
  if (text === 'all') return known;
  if (text === HOSTILE || text === RESTLESS) return [text];
  const names = [...new Set(text.split(','))];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return names;
  throw new InvalidArgumentError(
    `There is no scenario ${unknown.join(', ')}: all, hostile, restless, or ${known.join(', ')}.`,
  );
}

/** `lab`: everything that may go wrong at once, and then the books. */
export function labCommand(): Command {
  const command = new Command('npm run lab')
    .usage('-- [options]')
    .description(
      'Runs a pipeline of its own, publishes hostile events at it while BigQuery fails, replicas are killed and deliveries ' +
        'are lost, late or doubled; then heals everything and takes the books, deep. PASS means that nothing is ' +
        'unaccounted, nothing is altered, and every message has exactly its expected outcome.',
    )
    .addOption(
      new Option(
        '--scenario <names>',
        `what is published: all, or some with commas between (${Object.keys(SCENARIO_PACES).join(', ')}); hostile or restless alone`,
      )
        .argParser(scenarios)
        .default(Object.keys(SCENARIO_PACES), 'all'),
    )
    .option('--minutes <minutes>', 'how long', minutes, 2)
    .option('--seed <number>', 'makes events and faults the same', wholeNumber('A seed', 0, MAX_SEED), 1)
    .addOption(
      new Option(
        '--delivery <mode>',
        'who writes the rows: table-manager, the Dataflow job (needs a JDK 17), one after the other',
      )
        .choices(DELIVERIES)
        .default('direct'),
    )
    .addOption(
      new Option('--sabotage <name>', 'puts a bug into table-manager that the lab must find').choices(
        SABOTAGES,
      ),
    )
    .option(
      '--replicas <count>',
      'replicas of table-manager',
      wholeNumber('The number of replicas', 1, 20),
      3,
    )
    .option(
      '--patience <seconds>',
      'give up after this long without progress',
      wholeNumber('Patience', 1, 86_400),
      120,
    )
    .option(
      '--max-p99 <milliseconds>',
      "hostile only: limit from publishing to row of the good producers' events, 99th percentile",
      wholeNumber('The limit', 1, 86_400_000),
      5_000,
    )
    .option('--json', 'print JSON to stdout')
    .option('--verbose', 'print warnings of the services')
    .addHelpText(
      'after',
      [
        '',
        'Examples:',
        '  npm run lab                                              two minutes of everything',
        '  npm run lab -- --scenario drift --minutes 10 --seed 7',
        '  npm run lab -- --delivery both --minutes 10              also with the Dataflow job',
        '  npm run lab -- --scenario hostile --minutes 10           one producer sends the worst beside nine good ones',
        '  npm run lab -- --scenario restless --minutes 10          new fields all the time, promotion, a retype',
        '  npm run lab -- --sabotage row-dropped --minutes 0.2      must FAIL and name the events',
        '',
        EXIT_CODES_HELP,
      ].join('\n'),
    )
    .configureOutput({
      outputError: (text, write) => {
        write(`${text.trimEnd()}\nSee npm run lab -- --help\n`);
      },
    })
    .exitOverride((error) => {
      process.exit(error.exitCode === 0 ? EXIT.OK : EXIT.USAGE);
    })
    .action(async (given: GivenOptions) => {
      if (given.sabotage !== undefined && given.delivery !== 'direct')
        command.error('error: --sabotage is of the rows that table-manager writes: --delivery direct.');
      if (given.scenario.includes(RESTLESS) && given.delivery !== 'direct')
        command.error(
          'error: --scenario restless is of the rows that table-manager writes: --delivery direct.',
        );
      process.exit(await perform(given));
    });
  return command;
}

async function perform(given: GivenOptions): Promise<number> {
  const progress = new Progress(process.stderr);
  const abort = new AbortController();
  const interrupt = (): void => {
    if (abort.signal.aborted) process.exit(EXIT.INTERRUPTED);
    abort.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', interrupt);
  try {
    const results = await runLab(toOptions(given), {
      signal: abort.signal,
      onStep: (text) => {
        progress.showNow(text);
      },
      onProgress: (text) => {
        progress.show(text);
      },
      ...(given.verbose === true
        ? {
            onLine: (service: string, line: string): void => {
              console.error(`${service}: ${line}`);
            },
          }
        : {}),
    });
    progress.end();
    if (abort.signal.aborted) {
      console.error('Interrupted.');
      return EXIT.INTERRUPTED;
    }
    print(results, given.json === true);
    return results.every(({ passed }) => passed) ? EXIT.OK : EXIT.FOUND;
  } catch (cause) {
    progress.end();
    if (abort.signal.aborted) return EXIT.INTERRUPTED;
    const { message, exitCode } = describeFailure(cause, false);
    console.error(message);
    return exitCode;
  }
}

function toOptions({
  scenario,
  minutes: length,
  delivery,
  patience,
  maxP99,
  ...rest
}: GivenOptions): LabOptions {
  const { seed, replicas, sabotage, verbose = false } = rest;
  return {
    scenarios: scenario,
    durationSeconds: Math.max(1, Math.round(length * 60)),
    seed,
    deliveries: delivery === 'both' ? ['direct', 'dataflow'] : [delivery],
    ...(sabotage === undefined ? {} : { sabotage }),
    replicas,
    patienceSeconds: patience,
    maxP99Ms: maxP99,
    verbose,
  };
}

function print(results: readonly LabResult[], asJson: boolean): void {
  console.log(asJson ? JSON.stringify(results, null, 2) : results.map(renderLab).join('\n\n'));
}
