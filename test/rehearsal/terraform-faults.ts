import type { Fault } from './script-faults.js';
import type { Stage } from './stage.js';
import { addWorkerAfterMonths, cleanedUp, firstDeployment, logIn } from './story.js';

async function firstAndLogin(stage: Stage): Promise<void> {
  await firstDeployment(stage);
  logIn(stage, 'refs/heads/main');
}

async function firstAndReleaseLogin(stage: Stage): Promise<void> {
  await firstDeployment(stage);
  logIn(stage, 'refs/tags/v1.2.3');
}

async function firstAndCleanUp(stage: Stage): Promise<void> {
  await firstDeployment(stage);
  await cleanedUp(stage);
}

async function firstAndMonths(stage: Stage): Promise<void> {
  await firstDeployment(stage);
  addWorkerAfterMonths(stage);
}

/** Found with the real Terraform and provider only: what they send to Google's interfaces. */
export const TERRAFORM_FAULTS: readonly Fault[] = [
  {
    name: 'B1',
    what: "the job's autoscaling algorithm is Beam's word",
    patches: [
      {
        file: 'terraform/modules/dataflow/main.tf',
        from: '  enable_streaming_engine = true\n',
        to: '  enable_streaming_engine = true\n  autoscaling_algorithm = "THROUGHPUT_BASED"\n',
      },
    ],
    story: firstDeployment,
    finds: /Invalid value at '.*autoscalingAlgorithm.*THROUGHPUT_BASED/,
  },
  {
    name: 'B2',
    what: 'table-manager may have 1,000 instances',
    patches: [
      { file: 'terraform/environment/prod.tfvars', from: 'max_instances = 18', to: 'max_instances = 1000' },
      {
        file: 'terraform/environment/variables.tf',
        from: 'vcpu       = optional(number, 20)',
        to: 'vcpu       = optional(number, 2000)',
      },
      {
        file: 'terraform/environment/variables.tf',
        from: 'memory_gib = optional(number, 40)',
        to: 'memory_gib = optional(number, 4000)',
      },
    ],
    story: firstDeployment,
    finds: /Quota violated: CpuAllocPerProjectRegion/,
  },
  {
    name: 'B3',
    what: 'the subnetwork of the workers has no Private Google Access',
    patches: [
      {
        file: 'terraform/modules/network/main.tf',
        from: 'private_ip_google_access = true',
        to: 'private_ip_google_access = false',
      },
    ],
    story: firstDeployment,
    finds: /does not have Private Google Access/,
  },
  {
    name: 'B4',
    what: 'Pub/Sub is used before it is switched on',
    patches: [{ file: 'terraform/foundation/main.tf', from: '    "pubsub.googleapis.com",\n', to: '' }],
    story: firstDeployment,
    finds: /pubsub\.googleapis\.com has not been used|SERVICE_DISABLED/,
  },
  {
    name: 'B5',
    what: 'alerts do not wait for their metrics of logs',
    patches: [
      {
        file: 'terraform/modules/monitoring/log-metrics.tf',
        from: '"${var.log_metrics_wait_seconds}s"',
        to: '"0s"',
      },
    ],
    story: firstDeployment,
    finds: /Cannot find metric\(s\) that match type/,
    speed: 10, // a metric is unknown for 54 s
  },
  {
    name: 'B9',
    what: 'releases on tags are kept out',
    patches: [
      {
        file: 'terraform/foundation/variables.tf',
        from: 'release_tags = optional(bool, true)',
        to: 'release_tags = optional(bool, false)',
      },
    ],
    story: firstAndReleaseLogin,
    finds: /rejected by the attribute condition/,
  },
  {
    name: 'B10',
    what: 'the clean-up of the environment takes the federation with it',
    patches: [
      {
        file: 'terraform/environment/main.tf',
        from: 'module "artifact_registry" {',
        to: 'module "github_federation" {\n  source     = "../modules/github-federation"\n  project_id = var.project_id\n  prefix     = "old"\n  repository = "example/pipeline"\n  owner_id   = "12345678"\n}\n\nmodule "artifact_registry" {',
      },
    ],
    story: firstAndCleanUp,
    finds: /B10: the deployer cleans up/,
  },
  {
    name: 'B12',
    what: 'subscriptions do not wait for their grants',
    patches: [{ file: 'terraform/environment/main.tf', from: '"${var.waits.iam_seconds}s"', to: '"0s"' }],
    story: firstDeployment,
    finds: /service agent cannot write/,
    speed: 2, // a grant does not work for 30 s
  },
  {
    name: 'B13',
    what: 'the Security Token Service is off',
    patches: [{ file: 'terraform/foundation/main.tf', from: '    "sts.googleapis.com",\n', to: '' }],
    story: firstAndLogin,
    finds: /sts\.googleapis\.com is disabled/,
  },
  {
    name: 'D1',
    what: 'staged files are among the temporary ones',
    patches: [
      {
        file: 'terraform/modules/dataflow/main.tf',
        from: 'gs://${var.staging_bucket}/staging',
        to: 'gs://${var.temp_bucket}/staging',
      },
    ],
    story: firstAndMonths,
    finds: /D1: no new worker can start/,
  },
];
