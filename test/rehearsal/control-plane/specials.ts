import type { Body, Call, ControlPlane } from './control-plane.js';
import { PROJECT_NUMBER } from './control-plane.js';
import type { Method } from './discovery.js';
import { Refusal } from './discovery.js';
import { lastOf, valueAt } from './names.js';
import { workersReachGoogle } from './rules.js';

const ROLE_OF_ACCESS: Readonly<Record<string, string>> = {
  OWNER: 'roles/bigquery.dataOwner',
  READER: 'roles/bigquery.dataViewer',
  WRITER: 'roles/bigquery.dataEditor',
};

/** Access of a new dataset. Source: docs.cloud.google.com/bigquery/docs/reference/rest/v2/datasets, read 2026-11-29. */
const DEFAULT_ACCESS = [
  { role: 'WRITER', specialGroup: 'projectWriters' },
  { role: 'OWNER', specialGroup: 'projectOwners' },
  { role: 'READER', specialGroup: 'projectReaders' },
];

/** Behavior of single methods beyond creating, reading, changing and deleting a resource. */
export class Specials {
  #jobs = 0;

  constructor(private readonly plane: ControlPlane) {}

  /** The answer of a method that is not generic; undefined otherwise. */
  answer({ id }: Method, name: string, call: Call): unknown {
    switch (id) {
      case 'cloudresourcemanager.projects.get':
        return {
          projectId: this.plane.project,
          projectNumber: PROJECT_NUMBER,
          name: this.plane.project,
          lifecycleState: 'ACTIVE',
        };
      case 'serviceusage.services.batchEnable':
        return this.#enable(call.body['serviceIds'] as string[]);
      case 'serviceusage.services.enable':
        return this.#enable([lastOf(name)]);
      case 'serviceusage.services.list':
        return { services: [...this.plane.services].map((service) => this.#service(service)) };
      case 'serviceusage.services.get':
        return this.#service(lastOf(name));
      case 'serviceusage.services.generateServiceIdentity':
        return {
          name: 'operations/identity',
          done: true,
          response: { email: `service-${PROJECT_NUMBER}@agent`, uniqueId: '1' },
        };
      case 'dataflow.projects.locations.flexTemplates.launch':
        return this.#launch(call);
      case 'dataflow.projects.locations.jobs.list':
        return { jobs: this.jobs() };
      case 'dataflow.projects.locations.jobs.update':
        return this.#changeJob(name, call.body);
      case 'logging.projects.metrics.get':
        return { ...this.plane.existing(name), createdAt: undefined };
      default:
        return undefined;
    }
  }

  jobs(): readonly Body[] {
    return [...this.plane.resources].filter(([name]) => /\/jobs\/\d{4}-/.test(name)).map(([, job]) => job);
  }

  /** Fields that the service fills in. */
  complete(id: string, name: string, body: Body): Body {
    const common = { ...body, createdAt: undefined };
    if (id.startsWith('bigquery.'))
      return {
        ...common,
        etag: 'etag',
        id: name,
        creationTime: '1',
        lastModifiedTime: '1',
        type: body['view'] === undefined ? 'TABLE' : 'VIEW',
        ...(id.startsWith('bigquery.datasets') ? { access: body['access'] ?? DEFAULT_ACCESS } : {}),
      };
    if (id.startsWith('compute.'))
      return {
        ...common,
        id: '1',
        selfLink: `https://www.googleapis.com/compute/v1/${name}`,
        fingerprint: 'x',
      };
    if (id.startsWith('iam.projects.serviceAccounts')) {
      const email = lastOf(name);
      return {
        ...(body['serviceAccount'] as Body),
        name,
        email,
        uniqueId: '1',
        projectId: this.plane.project,
      };
    }
    if (id.startsWith('iam.projects.roles'))
      return { ...((body['role'] as Body | undefined) ?? common), name };
    if (id.startsWith('logging.')) return { ...common, name: name.replace(/^projects\/[^/]+\/\w+\//, '') };
    if (id.startsWith('run.')) return this.#service2(name, common);
    return { ...common, name, ...(id.startsWith('iam.') ? { state: 'ACTIVE' } : {}) };
  }

  created(id: string, name: string, body: Body): void {
    if (id.startsWith('iam.projects.roles')) {
      const role = (body['role'] as Body | undefined) ?? body;
      this.plane.iam.setCustomRole(name, role['includedPermissions'] as string[]);
    }
    if (id.startsWith('bigquery.datasets')) this.#access(name, body['access']);
    if (id === 'eventarc.projects.locations.triggers.create') this.#transport(name);
  }

  deleting(id: string, name: string, query: URLSearchParams): void {
    if (id !== 'bigquery.datasets.delete' || query.get('deleteContents') === 'true') return;
    if ([...this.plane.resources.keys()].some((known) => known.startsWith(`${name}/tables/`))) {
      throw new Refusal(400, 'INVALID_ARGUMENT', `Dataset ${name} is still in use`);
    }
  }

  /** The error of an operation that was accepted and failed: a revision that never gets ready. */
  failure(id: string, made: Body): object | undefined {
    if (!/^run\..*\.(create|patch)$/.test(id) || !this.#isBroken(made)) return undefined;
    return {
      code: 9,
      message:
        'Revision is not ready and cannot serve traffic. The user-provided container failed to start and listen on the port.',
    };
  }

  computeOperation(name: string): Body {
    return {
      kind: 'compute#operation',
      name: 'operation',
      status: 'DONE',
      targetLink: `https://www.googleapis.com/compute/v1/${name}`,
      selfLink: 'https://www.googleapis.com/compute/v1/operation',
    };
  }

  #isBroken(service: Body): boolean {
    const image = valueAt(service, 'template.containers.0.image');
    return (
      typeof image === 'string' &&
      [...this.plane.faults.brokenImages].some((digest) => image.endsWith(digest))
    );
  }

  #service2(name: string, body: Body): Body {
    const service = lastOf(name);
    const revision = `${service}-${String((this.#jobs += 1)).padStart(5, '0')}`;
    const isBroken = this.#isBroken(body);
    const ready = isBroken
      ? this.plane.resources.get(name)?.['latestReadyRevision']
      : `${name}/revisions/${revision}`;
    return {
      ...body,
      name,
      uid: '1',
      generation: '1',
      observedGeneration: '1',
      uri: `https://${service}-${PROJECT_NUMBER}.us-central1.run.app`,
      latestCreatedRevision: `${name}/revisions/${revision}`,
      ...(ready === undefined ? {} : { latestReadyRevision: ready }),
      terminalCondition: { type: 'Ready', state: isBroken ? 'CONDITION_FAILED' : 'CONDITION_SUCCEEDED' },
      reconciling: false,
    };
  }

  /** A dataset's access list is its policy. */
  #access(name: string, access: unknown): void {
    if (!Array.isArray(access)) return;
    const bindings = (access as Record<string, string>[]).flatMap(
      ({ role, userByEmail, groupByEmail, iamMember }) => {
        const member = iamMember ?? (groupByEmail === undefined ? userByEmail : `group:${groupByEmail}`);
        if (role === undefined || member === undefined) return [];
        return [
          {
            role: ROLE_OF_ACCESS[role] ?? role,
            members: [member.includes(':') ? member : `serviceAccount:${member}`],
          },
        ];
      },
    );
    this.plane.iam.setPolicy(name, { bindings });
  }

  #transport(name: string): void {
    const trigger = this.plane.existing(name);
    const pubsub = {
      ...(valueAt(trigger, 'transport.pubsub') as Body),
      subscription: `projects/${this.plane.project}/subscriptions/eventarc-${lastOf(name)}`,
    };
    trigger['transport'] = { pubsub };
  }

  #enable(ids: readonly string[]): Body {
    for (const service of ids) this.plane.services.add(service);
    return { name: 'operations/enable', done: true, response: {} };
  }

  #service(service: string): Body {
    const state = this.plane.services.has(service) ? 'ENABLED' : 'DISABLED';
    return {
      name: `projects/${PROJECT_NUMBER}/services/${service}`,
      config: { name: service },
      state,
      parent: `projects/${PROJECT_NUMBER}`,
    };
  }

  #launch({ body, member }: Call): Body {
    const parameters = body['launchParameter'] as Body;
    const environment = (parameters['environment'] ?? {}) as Body;
    const name = String(parameters['jobName']);
    this.plane.requireActAs(member, environment['serviceAccountEmail']);
    workersReachGoogle(this.plane, environment);
    this.plane.buckets.requireObject(String(parameters['containerSpecGcsPath']));
    const isUpdate = parameters['update'] === true;
    const running = this.jobs().find(
      (job) => job['name'] === name && job['currentState'] === 'JOB_STATE_RUNNING',
    );
    if (running !== undefined && !isUpdate)
      throw new Refusal(
        409,
        'ALREADY_EXISTS',
        `(job): The workflow could not be created. There is already an active job named ${name}.`,
      );
    if (running !== undefined) running['currentState'] = 'JOB_STATE_UPDATED';
    const id = `2026-11-29_${String((this.#jobs += 1)).padStart(5, '0')}`;
    const job = this.#job(id, name, parameters, environment);
    this.plane.resources.set(`projects/${this.plane.project}/locations/us-central1/jobs/${id}`, {
      ...job,
      createdAt: this.plane.now(),
    });
    return { job };
  }

  #job(id: string, name: string, parameters: Body, environment: Body): Body {
    return {
      id,
      name,
      projectId: this.plane.project,
      location: 'us-central1',
      currentState: 'JOB_STATE_RUNNING',
      type: 'JOB_TYPE_STREAMING',
      labels: environment['additionalUserLabels'] ?? {},
      stagingLocation: environment['stagingLocation'],
      environment: {
        serviceAccountEmail: environment['serviceAccountEmail'],
        sdkPipelineOptions: {
          options: {
            ...(parameters['parameters'] as Body),
            ...environment,
            numWorkers: environment['numWorkers'],
            maxNumWorkers: environment['maxWorkers'],
            workerMachineType: environment['machineType'],
            templateLocation: parameters['containerSpecGcsPath'],
          },
        },
        workerPools: [
          {
            numWorkers: 1,
            machineType: environment['machineType'],
            autoscalingSettings: { maxNumWorkers: environment['maxWorkers'] },
            ipConfiguration: environment['ipConfiguration'],
          },
        ],
      },
    };
  }

  #changeJob(name: string, body: Body): Body {
    const job = this.plane.existing(name);
    const requested = body['requestedState'];
    // The real service drains for minutes; here a job is drained at once.
    if (requested === 'JOB_STATE_DRAINED' || requested === 'JOB_STATE_DRAINING')
      job['currentState'] = 'JOB_STATE_DRAINED';
    if (requested === 'JOB_STATE_CANCELLED') job['currentState'] = 'JOB_STATE_CANCELLED';
    return job;
  }
}
