import { OWNER, type Patch, type Stage } from './stage.js';
import { Failed, failedReleases, firstDeployment, release, repeatedDeployment } from './story.js';

/** A blocker that was put back, and the words with which the rehearsal finds it. */
export interface Fault {
  readonly name: string;
  readonly what: string;
  readonly patches: readonly Patch[];
  readonly story: (stage: Stage) => Promise<void>;
  readonly finds: RegExp;
  /** Simulated seconds per second, where the usual speed would hide a wait that is missing. */
  readonly speed?: number;
}

async function firstAndRelease(stage: Stage): Promise<void> {
  await firstDeployment(stage);
  const ran = await release(stage, '2.0.0');
  if (ran.status !== 0) throw new Failed(`a second release passes\n${ran.output}`);
}

async function firstAndAgain(stage: Stage): Promise<void> {
  await firstDeployment(stage);
  await repeatedDeployment(stage);
}

async function firstAndFailed(stage: Stage): Promise<void> {
  await firstDeployment(stage);
  await failedReleases(stage);
}

async function failedHalfWay(stage: Stage): Promise<void> {
  await stage.script(OWNER, ['bootstrap.sh']);
  await stage.script(OWNER, ['deploy-infrastructure.sh', '--version', '1.0.0']);
  stage.plane.faults.brokenImages.add('');
  await stage.script(OWNER, ['deploy-cloud-function.sh', '--version', '1.0.0']);
  stage.plane.faults.brokenImages.clear();
  const ran = await release(stage, '1.0.0');
  if (ran.status !== 0) throw new Failed(`a step that failed half-way is repeated\n${ran.output}`);
}

/** Found with stubs of every tool: blockers of the scripts, and of what the deployer holds. */
export const SCRIPT_FAULTS: readonly Fault[] = [
  {
    name: 'B6',
    what: 'the template is built by Cloud Build, which is off',
    patches: [
      {
        file: 'scripts/build-dataflow-template.sh',
        from: '  --image="$IMAGE"\n',
        to: '  --image-gcr-path="$IMAGE" --jar=job.jar\n',
      },
    ],
    story: firstDeployment,
    finds: /Cloud Build API has not been used/,
  },
  {
    name: 'B7',
    what: 'an image is built and pushed again under its immutable tag',
    patches: [
      {
        file: 'scripts/deployment.sh',
        from: '    IMAGE=$(pushed_image "$tag")\n    [[ -z $IMAGE ]] || return 0\n',
        to: '    IMAGE=\n',
      },
    ],
    story: firstAndAgain,
    finds: /tag immutability/,
  },
  {
    name: 'B8',
    what: 'the deployer may not query',
    patches: [
      {
        file: 'terraform/modules/github-federation/variables.tf',
        from: '    "roles/bigquery.jobUser",\n',
        to: '',
      },
    ],
    story: firstAndRelease,
    finds: /bigquery\.jobs\.create/,
  },
  {
    name: 'B11',
    what: 'what should run is written down after the apply only',
    patches: [
      {
        file: 'scripts/deployment.sh',
        from: '  run gcloud storage cp "$1" "$CURRENT"\n  terraform_init\n',
        to: '  terraform_init\n',
      },
      {
        file: 'scripts/deployment.sh',
        from: '-lock-timeout=5m "${VARIABLES[@]}"\n}',
        to: '"${VARIABLES[@]}"\n  run gcloud storage cp "$1" "$CURRENT"\n}',
      },
    ],
    story: failedHalfWay,
    finds: /deletion_protection/,
  },
  {
    name: 'B11',
    what: 'a service whose first revision failed stays tainted',
    patches: [
      {
        file: 'scripts/deployment.sh',
        from: '    in_terraform untaint "$address"\n',
        to: '    true "$address"\n',
      },
    ],
    story: failedHalfWay,
    finds: /deletion_protection/,
  },
  {
    name: 'S1',
    what: 'each step overwrites what a rollback goes back to',
    patches: [
      {
        file: 'scripts/deployment.sh',
        from: '  run gcloud storage cp "$1" "$CURRENT"\n',
        to: '  [[ ! -s $WORK/current.json ]] || run gcloud storage cp "$WORK/current.json" "$VERIFIED"\n  run gcloud storage cp "$1" "$CURRENT"\n',
      },
    ],
    story: firstAndFailed,
    finds: /S1: a rollback restores/,
  },
];
