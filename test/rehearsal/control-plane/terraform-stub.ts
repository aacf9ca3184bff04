import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Body, ControlPlane } from './control-plane.js';

/** Services that the environment makes, by the key of `images`. */
const SERVICES = {
  console: 'console',
  event_generator: 'event-generator',
  table_manager: 'table-manager',
} as const;
type ServiceKey = keyof typeof SERVICES;

interface ServiceState {
  image: string;
  isTainted: boolean;
}

interface State {
  services: Partial<Record<ServiceKey, ServiceState>>;
  isProtected: boolean;
  deliveryMode: string;
}

const emptyState = (): State => ({ services: {}, isProtected: true, deliveryMode: 'dataflow' });

interface Values {
  readonly images?: Partial<Record<ServiceKey, string>>;
  readonly template_path?: string;
}

const JOB_BUCKETS = ['templates', 'staging', 'temp'];

/** The foundation's wait for its grants. */
const WAIT_SECONDS = 120;

/** Addresses of the services in the environment's state. */
function addressOf(key: ServiceKey): string {
  return `module.${key}["service"].google_cloud_run_v2_service.service`;
}

/**
 * Replaces Terraform where no provider is installed: it keeps the state of the parts that the scripts decide about,
 * and refuses what Terraform and the provider refuse. What Terraform itself creates is rehearsed with the real one.
 */
export class TerraformStub {
  #state = emptyState();

  constructor(private readonly plane: ControlPlane) {}

  run(words: readonly string[], member: string, cwd: string): string {
    const [chdir = '', command = '', ...rest] = words;
    const folder = join(cwd, chdir.replace('-chdir=', ''));
    if (folder.endsWith('foundation')) return this.#foundation(command, folder);
    switch (command) {
      case 'init':
        this.plane.iam.require(member, 'storage.objects.list', [
          `buckets/${this.#bucket(rest)}`,
          `projects/${this.plane.project}`,
        ]);
        return '';
      case 'show':
        return this.#show();
      case 'untaint':
        return this.#untaint(rest[0] ?? '');
      case 'apply':
        return this.#apply(rest, folder);
      case 'destroy':
        return this.#destroy();
      case 'output':
        return rest.includes('has_console') ? 'true' : this.#state.deliveryMode;
      default:
        return '';
    }
  }

  #bucket(words: readonly string[]): string {
    return (
      words
        .map((word) => /^-backend-config=bucket=(.+)$/.exec(word)?.[1])
        .find((name) => name !== undefined) ?? ''
    );
  }

  #foundation(command: string, folder: string): string {
    const deployer = `serviceAccount:prod-deployer@${this.plane.project}.iam.gserviceaccount.com`;
    if (command === 'output') {
      return JSON.stringify({ deployers: [deployer], revision: 1, service_accounts: {}, roles: {} });
    }
    if (command !== 'apply') return '';
    const variables = readFileSync(join(folder, '../modules/github-federation/variables.tf'), 'utf8');
    const [, list = ''] =
      /variable "deployer_roles" \{[\s\S]*?default = \[([\s\S]*?)\]/.exec(variables) ?? [];
    const roles = [...list.matchAll(/"(roles\/[\w.]+)"/g)].map(([, role = '']) => role);
    this.plane.iam.setPolicy(`projects/${this.plane.project}`, {
      bindings: roles.map((role) => ({ role, members: [deployer] })),
    });
    this.plane.skip(WAIT_SECONDS);
    return '';
  }

  #values(words: readonly string[], folder: string): Values {
    const files = words.flatMap((word) => /^-var-file=(.+)$/.exec(word)?.slice(1) ?? []);
    const paths = files.map((file) => (isAbsolute(file) ? file : join(folder, file)));
    const settings = paths.filter((path) => existsSync(path)).map((path) => readFileSync(path, 'utf8'));
    const modes = [...settings.join('\n').matchAll(/^delivery_mode *= "(\w+)"/gm)];
    this.#state.deliveryMode = modes.at(-1)?.[1] ?? 'dataflow';
    const missing = paths.find((path) => !existsSync(path));
    if (missing !== undefined) throw new Error(`Given variables file ${missing} does not exist.`);
    return Object.assign(
      {},
      ...paths
        .filter((path) => path.endsWith('.json'))
        .map((path) => JSON.parse(readFileSync(path, 'utf8')) as Values),
    ) as Values;
  }

  #apply(words: readonly string[], folder: string): string {
    const values = this.#values(words, folder);
    const isLifted = words.includes('allow_destroy=true');
    if (isLifted) this.#state.isProtected = false;
    this.#infrastructure(folder);
    for (const key of Object.keys(SERVICES) as ServiceKey[]) this.#service(key, values.images?.[key]);
    if (values.template_path !== undefined) this.#job(values.template_path);
    if (!isLifted) this.#state.isProtected = true;
    return 'Apply complete!';
  }

  #infrastructure(folder: string): void {
    const { plane } = this;
    const root = `projects/${plane.project}`;
    const registry = readFileSync(join(folder, '../modules/artifact-registry/main.tf'), 'utf8');
    const resources: Record<string, Body> = {
      [`${root}/locations/us-central1/repositories/prod-pipeline`]: {
        dockerConfig: { immutableTags: registry.includes('immutable_tags = true') },
      },
      [`${root}/datasets/prod_events_dataset`]: {},
      [`${root}/datasets/prod_events_archive`]: {},
    };
    for (const topic of [
      'backend-events-topic',
      'backend-events-replay',
      'backend-events-dead-letter',
      'pipeline-notices',
    ])
      resources[`${root}/topics/${topic}`] = {};
    for (const name of [
      'backend-events-topic-sub',
      'backend-events-archive',
      'backend-events-replay-sub',
      'backend-events-dead-letter-archive',
    ])
      resources[`${root}/subscriptions/${name}`] = {};
    for (const [name, body] of Object.entries(resources))
      plane.resources.set(name, { ...body, createdAt: plane.now() });
    const buckets = this.#state.deliveryMode === 'dataflow' ? ['events', ...JOB_BUCKETS] : ['events'];
    for (const bucket of buckets) {
      const name = `${plane.project}-prod-${bucket}`;
      if (!plane.buckets.has(name)) plane.buckets.create({ name, location: 'us-central1' });
    }
  }

  #refuseIfProtected(key: ServiceKey): void {
    if (!this.#state.isProtected) return;
    throw new Error(
      `cannot destroy service ${addressOf(key)} without setting deletion_protection=false and running \`terraform apply\``,
    );
  }

  #service(key: ServiceKey, image: string | undefined): void {
    const known = this.#state.services[key];
    if (image === undefined || known?.isTainted === true) {
      if (known === undefined) return;
      this.#refuseIfProtected(key);
      this.#state.services = Object.fromEntries(
        Object.entries(this.#state.services).filter(([name]) => name !== key),
      );
      if (image === undefined) return;
    }
    const isBroken = [...this.plane.faults.brokenImages].some((digest) => image.endsWith(digest));
    this.#state.services[key] = { image, isTainted: isBroken && known === undefined };
    this.#record(SERVICES[key], image, isBroken);
    if (isBroken)
      throw new Error(
        `Error waiting to create Service: Revision of ${key} is not ready and cannot serve traffic.`,
      );
  }

  #record(service: string, image: string, isBroken: boolean): void {
    const root = `projects/${this.plane.project}/locations/us-central1`;
    const name = `${root}/services/prod-${service}`;
    const before = this.plane.resources.get(name);
    const revision = `prod-${service}-${image.slice(-8)}`;
    this.plane.resources.set(name, {
      template: { containers: [{ image }] },
      latestCreatedRevision: revision,
      latestReadyRevision: isBroken ? (before?.['latestReadyRevision'] ?? 'none') : revision,
      createdAt: this.plane.now(),
    });
    this.plane.resources.set(`${root}/triggers/prod-table-manager`, { createdAt: this.plane.now() });
  }

  #job(template: string): void {
    this.plane.buckets.requireObject(template);
    const id = '2026-11-29_00001';
    const label = (template.split('/').pop() ?? '')
      .replace(/\.json$/, '')
      .toLowerCase()
      .replaceAll(/[^a-z0-9_-]/g, '_');
    this.plane.resources.set(`projects/${this.plane.project}/locations/us-central1/jobs/${id}`, {
      id,
      name: 'prod-events',
      currentState: 'JOB_STATE_RUNNING',
      labels: { template: label },
      createdAt: this.plane.now(),
    });
  }

  #show(): string {
    const resources = (Object.entries(this.#state.services) as [ServiceKey, ServiceState][]).map(
      ([key, { isTainted }]) => ({
        address: addressOf(key),
        type: 'google_cloud_run_v2_service',
        ...(isTainted ? { tainted: true } : {}),
      }),
    );
    return JSON.stringify({ values: { root_module: { child_modules: [{ resources }] } } });
  }

  #untaint(address: string): string {
    const key = (Object.keys(SERVICES) as ServiceKey[]).find((known) => addressOf(known) === address);
    const service = key === undefined ? undefined : this.#state.services[key];
    if (service?.isTainted !== true)
      throw new Error(
        `Resource instance ${address} is not currently tainted, and so it cannot be untainted.`,
      );
    service.isTainted = false;
    return '';
  }

  #destroy(): string {
    for (const key of Object.keys(this.#state.services) as ServiceKey[]) this.#refuseIfProtected(key);
    this.#state = emptyState();
    for (const name of this.plane.resources.keys()) {
      if (!name.startsWith('built ')) this.plane.resources.delete(name);
    }
    return 'Destroy complete!';
  }
}
