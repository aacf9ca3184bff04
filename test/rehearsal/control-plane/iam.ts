import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../root.js';
import { Refusal } from './discovery.js';

const PERMISSIONS = join(ROOT, 'terraform/permissions');

function read(file: string): unknown {
  return JSON.parse(readFileSync(join(PERMISSIONS, file), 'utf8'));
}

const METHODS = read('methods.json') as Readonly<Record<string, readonly string[]>>;
const ROLES = (read('predefined-roles.json') as { roles: Readonly<Record<string, readonly string[]>> }).roles;

/** Seconds of simulated time until a grant works. */
export const PROPAGATION_SECONDS = 60;

interface Binding {
  readonly role: string;
  readonly members: readonly string[];
  readonly condition?: { readonly expression: string };
}

export interface Policy {
  readonly bindings?: readonly Binding[];
  readonly etag?: string;
}

interface Grant {
  readonly role: string;
  readonly member: string;
  readonly since: number;
}

/** Policies of resources, and since when each grant holds. */
export class Iam {
  readonly #policies = new Map<string, Policy>();
  readonly #grants = new Map<string, Grant>();
  readonly #customRoles = new Map<string, readonly string[]>();

  constructor(
    private readonly now: () => number,
    private readonly owners: ReadonlySet<string>,
  ) {}

  policy(resource: string): Policy {
    return this.#policies.get(resource) ?? { etag: 'BwX=' };
  }

  setPolicy(resource: string, policy: Policy): Policy {
    this.#policies.set(resource, { ...policy, etag: 'BwX=' });
    const present = new Set<string>();
    for (const { role, members } of policy.bindings ?? []) {
      for (const member of members) {
        const key = `${resource} ${role} ${member}`;
        present.add(key);
        if (!this.#grants.has(key)) this.#grants.set(key, { role, member, since: this.now() });
      }
    }
    for (const key of this.#grants.keys()) {
      if (key.startsWith(`${resource} `) && !present.has(key)) this.#grants.delete(key);
    }
    return this.policy(resource);
  }

  forget(resource: string): void {
    this.#policies.delete(resource);
    for (const key of this.#grants.keys()) if (key.startsWith(`${resource} `)) this.#grants.delete(key);
  }

  setCustomRole(name: string, permissions: readonly string[]): void {
    this.#customRoles.set(name, permissions);
  }

  /** True if a member holds a permission on a resource, by a grant that has had time to work. */
  holds(member: string, permission: string, resources: readonly string[]): boolean {
    if (this.owners.has(member)) return true;
    return [...this.#grants].some(
      ([key, grant]) =>
        grant.member === member &&
        resources.some((resource) => key.startsWith(`${resource} `)) &&
        this.now() - grant.since >= PROPAGATION_SECONDS &&
        (ROLES[grant.role] ?? this.#customRoles.get(grant.role) ?? []).includes(permission),
    );
  }

  /** Refuses a call of a member that lacks a permission of the method. */
  require(member: string, methodId: string, resources: readonly string[]): void {
    const permissions = METHODS[methodId];
    if (permissions === undefined) {
      throw new Refusal(501, 'UNIMPLEMENTED', `${methodId} is not in terraform/permissions/methods.json.`);
    }
    for (const permission of permissions) {
      if (!this.holds(member, permission, resources)) {
        throw new Refusal(
          403,
          'PERMISSION_DENIED',
          `Permission '${permission}' denied for ${member} (${methodId}).`,
        );
      }
    }
  }
}
