import { runInNewContext } from 'node:vm';
import { DEPLOYER, OWNER, type Ran, type Stage } from './stage.js';

const [TAG_1, TAG_2, TAG_3] = ['1.0.0', '2.0.0', '3.0.0'];

/** Enough for the errors of every resource of one apply. */
const MAX_OUTPUT_CHARACTERS = 30_000;

/** A step that did not end as the rehearsal expects; the output says why. */
export class Failed extends Error {}

function expectStatus(ran: Ran, isGood: boolean, what: string): void {
  if ((ran.status === 0) === isGood) return;
  throw new Failed(`${what}: exit code ${String(ran.status)}\n${ran.output.slice(-MAX_OUTPUT_CHARACTERS)}`);
}

async function passes(stage: Stage, caller: string, words: readonly string[], what: string): Promise<void> {
  expectStatus(await stage.script(caller, words), true, what);
}

/** The parts of a deployment that a workflow runs, as the deployer. */
export async function release(stage: Stage, version: string): Promise<Ran> {
  for (const script of [
    'deploy-infrastructure.sh',
    'deploy-event-generator.sh',
    'deploy-cloud-function.sh',
    'deploy-console.sh',
    'deploy-dataflow.sh',
    'verify-deployment.sh',
  ]) {
    const ran = await stage.script(DEPLOYER, [script, '--version', version]);
    if (ran.status !== 0) return ran;
  }
  const tested = await stage.script(DEPLOYER, ['test-table-creation.sh']);
  return tested.status === 0 ? stage.script(DEPLOYER, ['record-verified.sh', '--version', version]) : tested;
}

/** Returns what runs: the images of the services and the template of the job. */
export function running(stage: Stage): Readonly<Record<string, unknown>> {
  const at = (name: string): Record<string, unknown> | undefined =>
    stage.plane.resources.get(`projects/${stage.plane.project}/locations/us-central1/${name}`);
  const image = (name: string): unknown =>
    (at(`services/prod-${name}`)?.['template'] as { containers: { image: string }[] } | undefined)
      ?.containers[0]?.image;
  const job = [...stage.plane.resources].find(
    ([name, body]) => name.includes('/jobs/2026') && body['currentState'] === 'JOB_STATE_RUNNING',
  )?.[1];
  const options = (
    job?.['environment'] as { sdkPipelineOptions?: { options: Record<string, unknown> } } | undefined
  )?.sdkPipelineOptions?.options;
  return {
    tableManager: image('table-manager'),
    eventGenerator: image('event-generator'),
    console: image('console'),
    template:
      (job?.['labels'] as Record<string, unknown> | undefined)?.['template'] ?? options?.['templateLocation'],
  };
}

function expectSame(found: unknown, expected: unknown, what: string): void {
  if (JSON.stringify(found) === JSON.stringify(expected)) return;
  throw new Failed(`${what}\nfound    ${JSON.stringify(found)}\nexpected ${JSON.stringify(expected)}`);
}

/** CEL as far as the federation's condition uses it, read as JavaScript. */
function admits(condition: string, assertion: Readonly<Record<string, string>>): boolean {
  const script = condition.replaceAll(/(assertion\.\w+) in (\[[^\]]*\])/g, '$2.includes($1)');
  return runInNewContext(script, { assertion }) as boolean;
}

/** Logs in as a workflow on a ref would, through the Security Token Service. */
export function logIn(stage: Stage, ref: string): void {
  const { plane } = stage;
  if (!plane.services.has('sts.googleapis.com'))
    throw new Failed('login: sts.googleapis.com is disabled, the token exchange fails');
  const provider = [...plane.resources].find(([name]) =>
    name.endsWith('/workloadIdentityPools/prod-github/providers/github'),
  )?.[1];
  if (provider === undefined) throw new Failed('login: the workload identity pool does not exist');
  const assertion = {
    repository: 'example/pipeline',
    repository_owner_id: '12345678',
    ref,
    ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
  };
  if (!admits(String(provider['attributeCondition']), assertion))
    throw new Failed(`login: the given credential is rejected by the attribute condition (${ref})`);
}

/** Long after the launch, a worker that the job adds fetches what was staged. */
export function addWorkerAfterMonths(stage: Stage): void {
  const job = [...stage.plane.resources.values()].find((body) => body['stagingLocation'] !== undefined);
  const [, bucket = '', prefix = ''] = /^gs:\/\/([^/]+)\/(.*)$/.exec(String(job?.['stagingLocation'])) ?? [];
  const rules = (
    (
      stage.plane.buckets.bucket(bucket)['lifecycle'] as
        { rule?: { action: { type: string }; condition: { matchesPrefix?: string[] } }[] } | undefined
    )?.rule ?? []
  ).filter(
    ({ action, condition }) =>
      action.type === 'Delete' &&
      (condition.matchesPrefix ?? [prefix]).some((known) => prefix.startsWith(known)),
  );
  if (rules.length > 0)
    throw new Failed(`D1: no new worker can start, a lifecycle rule of ${bucket} deleted the staged files`);
}

/** A new project, deployed in one run. */
export async function firstDeployment(stage: Stage): Promise<void> {
  await passes(stage, OWNER, ['deploy.sh', '--version', TAG_1], 'a new project is deployed in one run');
}

/** Every step again, at the same version. */
export async function repeatedDeployment(stage: Stage): Promise<void> {
  const before = running(stage);
  await passes(stage, OWNER, ['deploy.sh', '--version', TAG_1], 'a deployment is repeated');
  expectSame(running(stage), before, 'a repeated deployment changes nothing');
}

/** An apply that is killed while it holds the state's lock, and the same step again. */
export async function killedApply(stage: Stage): Promise<void> {
  const before = running(stage);
  const step = ['deploy-infrastructure.sh', '--version', TAG_1];
  const killed = await stage.script(DEPLOYER, step, 'Refreshing state');
  expectStatus(killed, false, 'a step is killed while it applies');
  await passes(
    stage,
    DEPLOYER,
    [...step, '--unlock'],
    'a killed apply left its lock, and --unlock releases it',
  );
  expectSame(running(stage), before, 'a killed step that is repeated changes nothing');
}

/** A second release by the deployer; a third whose service starts nowhere; back to the second, whole. */
export async function failedReleases(stage: Stage): Promise<void> {
  expectStatus(await release(stage, TAG_2), true, 'a second release passes');
  const second = running(stage);
  stage.plane.faults.failing = true;
  expectStatus(await release(stage, TAG_3), false, 'a release whose integration test fails is reported');
  await passes(
    stage,
    DEPLOYER,
    ['rollback.sh', '--version', TAG_3],
    'S1: rollback after a failed integration test',
  );
  expectSame(
    running(stage),
    second,
    'S1: a rollback restores services, template and settings of the last verified deployment',
  );
  stage.plane.faults.failing = false;
  await passes(stage, DEPLOYER, ['rollback.sh', '--version', TAG_3], 'S1: rollback of a verified deployment');
  if (!JSON.stringify(running(stage)).includes('1_0_0') && !JSON.stringify(running(stage)).includes(TAG_1))
    throw new Failed('S1: a second rollback returns to the deployment verified before');
  expectStatus(await release(stage, TAG_2), true, 'the second release again');
}

/** A clean-up by the deployer, and a deployment after it. */
export async function cleanedUp(stage: Stage): Promise<void> {
  await passes(
    stage,
    DEPLOYER,
    ['cleanup-environment.sh', '--confirm', 'rehearsal-project/prod'],
    'B10: the deployer cleans up',
  );
  expectStatus(await release(stage, TAG_2), true, 'a deployment after a clean-up');
}
