import type { Discovery, Method } from './discovery.js';
import { Refusal } from './discovery.js';
import { Iam, type Policy } from './iam.js';
import { CREATIONS, lastOf, nameOf, valueAt, WITH_OPERATIONS } from './names.js';
import { checkRules } from './rules.js';
import { Specials } from './specials.js';
import { Buckets } from './buckets.js';

export type Body = Record<string, unknown>;

/** A request of one caller to one of Google's hosts. */
export interface Call {
  readonly host: string;
  readonly httpMethod: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Body;
  readonly member: string;
}

export const PROJECT_NUMBER = '123456789012';
/** Services that a new project has. Source: docs.cloud.google.com/service-usage/docs/enabled-service, read 2026-11-29. */
const ENABLED_AT_FIRST = [
  'bigquery',
  'bigquerystorage',
  'logging',
  'monitoring',
  'serviceusage',
  'servicemanagement',
  'storage',
];

/** Releases that do not work, set by a rehearsal. */
export interface Faults {
  /** Digests whose revisions never get ready. */
  readonly brokenImages: Set<string>;
  /** True if the integration test of the release fails. */
  failing: boolean;
}

/**
 * Google's control plane in memory, as far as the deployment uses it. It refuses what the real one refuses; each refusal
 * names its source in rules.ts.
 */
export class ControlPlane {
  readonly resources = new Map<string, Body & { createdAt: number }>();
  readonly services = new Set(ENABLED_AT_FIRST.map((name) => `${name}.googleapis.com`));
  /** Deleted pools keep their ids for 30 days. */
  readonly reserved = new Set<string>();
  readonly faults: Faults = { brokenImages: new Set(), failing: false };
  readonly iam: Iam;
  readonly buckets: Buckets;
  readonly #specials: Specials;
  #generated = 0;
  #skippedSeconds = 0;

  constructor(
    readonly project: string,
    readonly discovery: Discovery,
    private readonly clock: () => number,
    owner: string,
  ) {
    this.iam = new Iam(this.now, new Set([owner]));
    this.buckets = new Buckets(this);
    this.#specials = new Specials(this);
  }

  /** Simulated seconds since the project was created. */
  readonly now = (): number => this.clock() + this.#skippedSeconds;

  /** Lets simulated time pass, as a wait of Terraform does. */
  skip(seconds: number): void {
    this.#skippedSeconds += seconds;
  }

  answer(call: Call): unknown {
    if (call.host === 'openidconnect.googleapis.com') return { email: call.member };
    this.#requireService(call.host);
    if (/^\/(?!storage\/|upload\/)/.test(call.path) && call.host === 'storage.googleapis.com')
      return this.buckets.download(call);
    const method = this.discovery.match(call.host, call.httpMethod, call.path.replace(/^\/upload/, ''));
    if (method === undefined) {
      throw new Refusal(
        404,
        'NOT_FOUND',
        `${call.httpMethod} ${call.host}${call.path} is in no discovery document.`,
      );
    }
    if (!call.path.startsWith('/upload/')) this.discovery.validate(method, call.body);
    const name = this.#normalize(nameOf(call.path));
    if (call.host === 'storage.googleapis.com') return this.buckets.answer(method.id, call);
    this.iam.require(call.member, method.id, this.parents(name));
    return this.#specials.answer(method, name, call) ?? this.#generic(method, name, call);
  }

  /** A resource and what it lies in: grants on any of them hold. */
  parents(name: string): readonly string[] {
    const dataset = /^projects\/[^/]+\/datasets\/[^/]+/.exec(name)?.[0];
    return [name, `projects/${this.project}`, ...(dataset === undefined ? [] : [dataset])];
  }

  existing(name: string): Body & { createdAt: number } {
    const found = this.resources.get(name);
    if (found === undefined) throw new Refusal(404, 'NOT_FOUND', `Not found: ${name}`);
    return found;
  }

  /** Refuses a caller that may not act as an account, or an account that does not exist. */
  requireActAs(member: string, email: unknown): void {
    if (typeof email !== 'string') return;
    const account = `projects/${this.project}/serviceAccounts/${email}`;
    this.existing(account);
    if (!this.iam.holds(member, 'iam.serviceAccounts.actAs', this.parents(account))) {
      throw new Refusal(
        403,
        'PERMISSION_DENIED',
        `Permission 'iam.serviceaccounts.actAs' denied on ${email}.`,
      );
    }
  }

  #requireService(host: string): void {
    if (this.services.has(host)) return;
    throw new Refusal(
      403,
      'PERMISSION_DENIED',
      `${host} has not been used in project ${this.project} before or it is disabled. Enable it, then retry.`,
      [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'SERVICE_DISABLED',
          domain: 'googleapis.com',
        },
      ],
    );
  }

  #normalize(name: string): string {
    return name
      .replace(/^projects\/(-|\d+)(?=\/)/, `projects/${this.project}`)
      .replace(/^projects\/[^/]+\/(global|regions\/[^/]+)\/(networks|subnetworks|firewalls)$/, '$&');
  }

  #generic(method: Method, name: string, call: Call): unknown {
    const creation = CREATIONS[method.id];
    if (creation !== undefined) return this.#create(method, name, call);
    switch (lastOf(method.id.replaceAll('.', '/'))) {
      case 'get':
      case 'resume':
      case 'pause':
        return this.existing(name);
      case 'patch':
      case 'update':
        return this.#patch(method, name, call);
      case 'delete':
        return this.#delete(method, name, call);
      case 'list':
      case 'listAttestationRules':
        return {};
      case 'getIamPolicy':
        this.#requireForPolicy(name);
        return this.iam.policy(name);
      case 'setIamPolicy':
        this.#requireForPolicy(name);
        return this.iam.setPolicy(name, call.body['policy'] as Policy);
      default:
        throw new Refusal(501, 'UNIMPLEMENTED', `${method.id} is not simulated.`);
    }
  }

  #requireForPolicy(name: string): void {
    if (name !== `projects/${this.project}`) this.existing(name);
  }

  #newName(method: Method, parent: string, call: Call): string {
    const { id, collection } = CREATIONS[method.id] ?? { id: 'path', collection: '' };
    if (id === 'path') return parent;
    const chosen = this.#newId(id, call);
    const base = parent.endsWith(`/${collection}`) ? parent : `${parent}/${collection}`;
    return `${base}/${method.id === 'iam.projects.serviceAccounts.create' ? `${chosen}@${this.project}.iam.gserviceaccount.com` : chosen}`;
  }

  #newId(id: string, call: Call): string {
    if (id === 'generated') return String((this.#generated += 1));
    if (id === 'body')
      return lastOf(String(call.body['name']).replaceAll('/', '\u0000'))
        .replaceAll('\u0000', '/')
        .replace(/^projects\/.*\/jobs\//, '');
    const snake = id.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return call.query.get(id) ?? call.query.get(snake) ?? String(valueAt(call.body, id));
  }

  #create(method: Method, parent: string, call: Call): unknown {
    const name = this.#newName(method, parent, call);
    if (this.resources.has(name) || this.reserved.has(name)) {
      throw new Refusal(409, 'ALREADY_EXISTS', `Requested entity already exists: ${name}`);
    }
    checkRules(this, method.id, name, call);
    const made = this.#specials.complete(method.id, name, call.body);
    this.resources.set(name, { ...made, createdAt: this.now() });
    this.#specials.created(method.id, name, call.body);
    return this.#finished(method, name, made);
  }

  #patch(method: Method, name: string, call: Call): unknown {
    const before = this.existing(name);
    checkRules(this, method.id, name, call);
    const change = (call.body['topic'] ?? call.body['subscription'] ?? call.body) as Body;
    const inner = typeof change === 'object' && !Array.isArray(change) ? change : call.body;
    const made = this.#specials.complete(method.id, name, {
      ...before,
      ...(typeof inner === 'object' ? inner : {}),
    });
    this.resources.set(name, { ...made, createdAt: before.createdAt });
    this.#specials.created(method.id, name, made);
    return this.#finished(method, name, made);
  }

  #delete(method: Method, name: string, call: Call): unknown {
    this.existing(name);
    this.#specials.deleting(method.id, name, call.query);
    for (const known of this.resources.keys()) {
      if (known !== name && !known.startsWith(`${name}/`)) continue;
      this.resources.delete(known);
      this.iam.forget(known);
    }
    if (method.id.includes('workloadIdentityPools')) this.reserved.add(name);
    return this.#finished(method, name, {});
  }

  #finished(method: Method, name: string, made: Body): unknown {
    if (method.id.startsWith('compute.')) return this.#specials.computeOperation(name);
    if (!WITH_OPERATIONS.test(method.id)) return made;
    const location = /^projects\/[^/]+\/locations\/[^/]+/.exec(name)?.[0] ?? `projects/${this.project}`;
    const error = this.#specials.failure(method.id, made);
    return {
      name: `${location}/operations/${String((this.#generated += 1))}`,
      done: true,
      ...(error === undefined
        ? { response: { '@type': 'type.googleapis.com/google.protobuf.Struct', ...made } }
        : { error }),
    };
  }
}
