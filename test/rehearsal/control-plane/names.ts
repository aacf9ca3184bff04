/** The name of the resource that a method creates, and the form of its answer. */
export interface Creation {
  /** Query parameter with the new id, or `body` for the body's `name`, `generated`, or a path of the body. */
  readonly id: string;
  /** Collection below the parent; empty where the request's path names the resource itself. */
  readonly collection: string;
  /** `operation`: the answer is a finished operation. `compute`: one of Compute Engine. `plain`: the resource. */
  readonly answer: 'compute' | 'operation' | 'plain';
}

const plain = (id: string, collection: string): Creation => ({ id, collection, answer: 'plain' });
const operation = (id: string, collection: string): Creation => ({ id, collection, answer: 'operation' });
const compute = (collection: string): Creation => ({ id: 'body', collection, answer: 'compute' });

export const CREATIONS: Readonly<Record<string, Creation>> = {
  'artifactregistry.projects.locations.repositories.create': operation('repositoryId', 'repositories'),
  'bigquery.datasets.insert': plain('datasetReference.datasetId', 'datasets'),
  'bigquery.tables.insert': plain('tableReference.tableId', 'tables'),
  'cloudscheduler.projects.locations.jobs.create': plain('body', 'jobs'),
  'compute.firewalls.insert': compute('firewalls'),
  'compute.networks.insert': compute('networks'),
  'compute.subnetworks.insert': compute('subnetworks'),
  'eventarc.projects.locations.triggers.create': operation('triggerId', 'triggers'),
  'iam.projects.locations.workloadIdentityPools.create': operation(
    'workloadIdentityPoolId',
    'workloadIdentityPools',
  ),
  'iam.projects.locations.workloadIdentityPools.providers.create': operation(
    'workloadIdentityPoolProviderId',
    'providers',
  ),
  'iam.projects.roles.create': plain('roleId', 'roles'),
  'iam.projects.serviceAccounts.create': plain('accountId', 'serviceAccounts'),
  'logging.projects.exclusions.create': plain('body', 'exclusions'),
  'logging.projects.metrics.create': plain('body', 'metrics'),
  'monitoring.projects.alertPolicies.create': plain('generated', 'alertPolicies'),
  'monitoring.projects.dashboards.create': plain('generated', 'dashboards'),
  'monitoring.projects.notificationChannels.create': plain('generated', 'notificationChannels'),
  'pubsub.projects.subscriptions.create': plain('path', ''),
  'pubsub.projects.topics.create': plain('path', ''),
  'run.projects.locations.services.create': operation('serviceId', 'services'),
};

/** Interfaces that answer changes with operations. */
export const WITH_OPERATIONS = /^(artifactregistry|eventarc|run|iam\.projects\.locations)/;

/** A request's path without its version: the name of the resource or of the collection's parent. */
export function nameOf(path: string): string {
  return path
    .replace(/^\/(bigquery\/v2|compute\/v1|storage\/v1|v\d\w*)\//, '')
    .replace(/:\w+$/, '')
    .split('/')
    .map(decodeURIComponent)
    .join('/');
}

/** The last part of a name. */
export function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

export function valueAt(body: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], body);
}
