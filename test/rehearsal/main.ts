/**
 * `npm run rehearse`: the real scripts and the real Terraform deploy into a control plane in memory, which refuses what
 * Google's refuses.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { fetchDocuments } from './documents.js';
import { SCRIPT_FAULTS, type Fault } from './script-faults.js';
import { Stage, type StageOptions } from './stage.js';
import {
  addWorkerAfterMonths,
  cleanedUp,
  failedReleases,
  firstDeployment,
  killedApply,
  logIn,
  repeatedDeployment,
  running,
} from './story.js';
import { TERRAFORM_FAULTS } from './terraform-faults.js';

const { values } = parseArgs({
  options: {
    faults: { type: 'boolean', default: false },
    fault: { type: 'string' },
    stub: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(`Usage: npm run rehearse [-- options]

Deploys a new project, repeats it, releases twice, rolls a failed release back, cleans up and deploys again, against a control
plane in memory. Needs Terraform and its providers (TF_CLI_CONFIG_FILE may name them), openssl, and Google's discovery
documents (fetched by pip); what is missing is named, and the rest is rehearsed with stubs.

  --faults       put each blocker back, one at a time; each must be found by name
  --fault NAME   only this one (B1, S1, …)
  --stub         the stub of Terraform, even where the real one is installed
  --verbose      print what every command prints

Exit codes: 0 all passed, 1 a step failed or a fault was not found.`);
  process.exit(0);
}

/** Simulated seconds per second: waits of minutes take seconds. */
const SPEED = 60;

/** The reason why the real Terraform is not rehearsed, or null. */
function whyStub(documents: string | null): string | null {
  if (values.stub) return '--stub';
  if (documents === null) return "Google's discovery documents are not to be had";
  const found = spawnSync('terraform', ['version'], { encoding: 'utf8' });
  if (found.status !== 0) return 'terraform is not installed';
  if (process.env['TERRAFORM_INIT'] !== undefined) return null;
  return process.env['TF_CLI_CONFIG_FILE'] === undefined
    ? 'no google provider is to be had (TERRAFORM_INIT=1 downloads it)'
    : null;
}

const documents = fetchDocuments();
const reason = whyStub(documents);
if (reason !== null) console.log(`skipped: the real Terraform (${reason}); its stub is used\n`);

function optionsOf(fault?: Fault): StageOptions {
  return {
    terraform: reason === null ? 'real' : 'stub',
    ...(documents === null ? {} : { documents }),
    patches: fault?.patches ?? [],
    speed: reason === null ? (fault?.speed ?? SPEED) : 1,
    ...(values.verbose
      ? {
          log: (line: string) => {
            console.log(line);
          },
        }
      : {}),
  };
}

const STEPS: readonly (readonly [string, (stage: Stage) => Promise<void> | void, 'any' | 'real'])[] = [
  ['a new project is deployed in one run', firstDeployment, 'any'],
  [
    'workflows on main log in',
    (stage) => {
      logIn(stage, 'refs/heads/main');
    },
    'real',
  ],
  [
    'releases on their tag log in',
    (stage) => {
      logIn(stage, 'refs/tags/v1.2.3');
    },
    'real',
  ],
  ['a worker that is added months later starts', addWorkerAfterMonths, 'real'],
  ['a deployment is repeated', repeatedDeployment, 'any'],
  ['a killed apply is continued', killedApply, 'real'],
  ['a second release, a failed one, rolled back whole', failedReleases, 'any'],
  ['a clean-up, and a deployment after it', cleanedUp, 'any'],
  [
    'workflows still log in',
    (stage) => {
      logIn(stage, 'refs/heads/main');
    },
    'real',
  ],
];

async function rehearse(): Promise<boolean> {
  const stage = await Stage.open(optionsOf());
  try {
    for (const [name, step, needs] of STEPS) {
      if (needs === 'real' && reason !== null) continue;
      const startedAt = stage.seconds;
      await step(stage);
      console.log(`ok      ${name} (${(stage.seconds - startedAt).toFixed(0)} s)`);
    }
    console.log(`\nruns: ${JSON.stringify(running(stage), null, 2)}`);
    return true;
  } catch (error) {
    console.log(
      `FAILED  ${(error as Error).message}\n\nrefusals:\n${stage.server.refusals.slice(-20).join('\n')}`,
    );
    return false;
  } finally {
    await stage.close();
  }
}

async function find(fault: Fault): Promise<boolean> {
  const stage = await Stage.open(optionsOf(fault));
  let found = 'nothing failed';
  try {
    await fault.story(stage);
  } catch (error) {
    found = (error as Error).message;
  } finally {
    await stage.close();
  }
  const isFound = fault.finds.test(found);
  console.log(
    `${isFound ? 'found ' : 'MISSED'}  ${fault.name}: ${fault.what}${isFound ? '' : `\n${found.slice(-1500)}`}`,
  );
  return isFound;
}

const faults = [...SCRIPT_FAULTS, ...(reason === null ? TERRAFORM_FAULTS : [])].filter(
  ({ name }) => values.fault === undefined || name === values.fault,
);
let isGood = true;
if (values.faults || values.fault !== undefined) {
  for (const fault of faults) isGood = (await find(fault)) && isGood;
} else {
  isGood = await rehearse();
}
process.exitCode = isGood ? 0 : 1;
