import type { Call, ControlPlane } from './control-plane.js';
import { Refusal } from './discovery.js';
import { lastOf, valueAt } from './names.js';

/** vCPU and memory of a new project. Source: github.com/googlecodelabs/feedback/issues/1856, read 2026-11-29. */
const QUOTA = { milliVcpu: 20_000, memoryBytes: 40 * 2 ** 30 };
/** Seconds until alerts know a metric of logs. Source: the error message itself, "up to 10 minutes". */
const LOG_METRIC_SECONDS = 540;

type Rule = (plane: ControlPlane, name: string, call: Call) => void;

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function toBytes(memory: string): number {
  const [, amount = '0', unit = ''] = /^(\d+)(Mi|Gi)?$/.exec(memory) ?? [];
  return Number(amount) * { '': 1, Mi: 2 ** 20, Gi: 2 ** 30 }[unit as '' | 'Gi' | 'Mi'];
}

/** Cloud Run checks max instances x size at the deployment. Source: docs.cloud.google.com/run/docs/configuring/max-instances-limits. */
function instancesFitIntoQuota(_plane: ControlPlane, _name: string, { body }: Call): void {
  const instances = Number(valueAt(body, 'template.scaling.maxInstanceCount') ?? 100);
  const limits = (valueAt(body, 'template.containers.0.resources.limits') ?? {}) as Record<string, string>;
  const milliVcpu = instances * Number(limits['cpu'] ?? 1) * 1000;
  const memoryBytes = instances * toBytes(limits['memory'] ?? '512Mi');
  if (milliVcpu <= QUOTA.milliVcpu && memoryBytes <= QUOTA.memoryBytes) return;
  throw new Refusal(
    400,
    'INVALID_ARGUMENT',
    `Max instances must be set to fewer. Quota violated: CpuAllocPerProjectRegion requested: ${milliVcpu} allowed: ${QUOTA.milliVcpu}`,
  );
}

function runsAsItsAccount(plane: ControlPlane, _name: string, { body, member }: Call): void {
  plane.requireActAs(member, valueAt(body, 'template.serviceAccount'));
}

function triggerAccount(plane: ControlPlane, _name: string, { body, member }: Call): void {
  plane.requireActAs(member, body['serviceAccount']);
  const agent = 'serviceAccount:service-123456789012@gcp-sa-eventarc.iam.gserviceaccount.com';
  if (plane.iam.holds(agent, 'eventarc.events.receiveEvent', [`projects/${plane.project}`])) return;
  if (plane.iam.holds(agent, 'pubsub.topics.get', [`projects/${plane.project}`])) return;
  throw new Refusal(400, 'FAILED_PRECONDITION', 'Permission denied while using the Eventarc Service Agent.');
}

/** Pub/Sub tries the table or the bucket when a subscription is created. Source: docs.cloud.google.com/pubsub/docs/create-bigquery-subscription. */
function pubsubMayWrite(plane: ControlPlane, _name: string, { body }: Call): void {
  const agent = 'serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com';
  const table = text(valueAt(body, 'bigqueryConfig.table'));
  if (table !== '') {
    const [project, dataset, id] = table.split('.');
    const name = `projects/${project}/datasets/${dataset}/tables/${id}`;
    plane.existing(name);
    if (!plane.iam.holds(agent, 'bigquery.tables.updateData', plane.parents(name))) {
      throw new Refusal(403, 'PERMISSION_DENIED', `The Pub/Sub service agent cannot write to ${table}.`);
    }
  }
  const bucket = text(valueAt(body, 'cloudStorageConfig.bucket'));
  if (bucket !== '' && !plane.iam.holds(agent, 'storage.objects.create', [`buckets/${bucket}`])) {
    throw new Refusal(403, 'PERMISSION_DENIED', `The Pub/Sub service agent cannot write to ${bucket}.`);
  }
  if (!plane.resources.has(text(body['topic'])))
    throw new Refusal(404, 'NOT_FOUND', `Resource not found (resource=${text(body['topic'])}).`);
}

/** Source: github.com/hashicorp/terraform-provider-google/issues/11102. */
function metricsAreKnown(plane: ControlPlane, _name: string, { body }: Call): void {
  for (const [, metric = ''] of JSON.stringify(body).matchAll(/logging\.googleapis\.com\/user\/([\w/-]+)/g)) {
    const known = plane.resources.get(`projects/${plane.project}/metrics/${metric}`);
    if (known !== undefined && plane.now() - known.createdAt >= LOG_METRIC_SECONDS) continue;
    throw new Refusal(
      404,
      'NOT_FOUND',
      `Cannot find metric(s) that match type = "logging.googleapis.com/user/${metric}". If a metric was created recently, it could take up to 10 minutes to become available.`,
    );
  }
}

const RULES: Readonly<Record<string, readonly Rule[]>> = {
  'eventarc.projects.locations.triggers.create': [triggerAccount],
  'monitoring.projects.alertPolicies.create': [metricsAreKnown],
  'pubsub.projects.subscriptions.create': [pubsubMayWrite],
  'run.projects.locations.services.create': [instancesFitIntoQuota, runsAsItsAccount],
  'run.projects.locations.services.patch': [instancesFitIntoQuota, runsAsItsAccount],
};

/** Refuses what the real service refuses although the request is well-formed and allowed. */
export function checkRules(plane: ControlPlane, methodId: string, name: string, call: Call): void {
  for (const rule of RULES[methodId] ?? []) rule(plane, name, call);
}

/**
 * A worker without an external address needs Private Google Access, and the default network has it off.
 * Source: docs.cloud.google.com/dataflow/docs/guides/troubleshoot-networking, read 2026-11-29.
 */
export function workersReachGoogle(plane: ControlPlane, environment: Record<string, unknown>): void {
  if (environment['ipConfiguration'] !== 'WORKER_IP_PRIVATE') return;
  const subnetwork = lastOf(text(environment['subnetwork']));
  const found = [...plane.resources].find(([name]) => name.endsWith(`/subnetworks/${subnetwork}`));
  if (found?.[1]['privateIpGoogleAccess'] === true) return;
  throw new Refusal(
    400,
    'INVALID_ARGUMENT',
    `Subnetwork '${subnetwork === '' ? 'default' : subnetwork}' on project '${plane.project}' does not have Private Google Access, required for usage of private IP addresses by the Dataflow workers.`,
  );
}
