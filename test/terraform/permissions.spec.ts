import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const TERRAFORM = join(import.meta.dirname, '..', '..', 'terraform');

type Lists = Readonly<Record<string, readonly string[]>>;

function readText(path: string): string {
  return readFileSync(join(TERRAFORM, path), 'utf8');
}

function read(path: string): unknown {
  return JSON.parse(readText(path));
}

const METHODS = read('permissions/methods.json') as Lists;
const IDENTITIES = read('permissions/identities.json') as Readonly<Record<string, Lists>>;
const ACCEPTED = read('permissions/accepted.json') as Readonly<
  Record<string, Readonly<Record<string, string>>>
>;
const PREDEFINED = (read('permissions/predefined-roles.json') as { readonly roles: Lists }).roles;
const CUSTOM = read('permissions/custom-roles.json') as Readonly<
  Record<string, { readonly permissions: readonly string[] }>
>;

interface Grant {
  readonly identity: string;
  readonly resource: string;
  readonly role: string;
}

/** The name of an identity: `serviceAccount:prod-audit@…` → `audit`, `group:operators@…` → `operators`. */
function identityOf(member: string): string {
  return member.replace(/^\w+:(prod-)?/, '').replace(/@.*$/, '');
}

function resourceOf(kind: string, name: string): string {
  return kind === 'project' ? 'project' : `${kind} ${name}`;
}

/** Grants of which `terraform test` holds the whole list, so that these lists are what Terraform grants. */
function testedGrants(path: string): readonly Grant[] {
  const lines = readText(path).matchAll(
    /"(project|dataset|table|bucket|topic|subscription|service|repository) (\S+) (\S+) (\S+)"/g,
  );
  return [...lines].flatMap(([, kind = '', name = '', role = '', member = '']) =>
    member.startsWith('roles/')
      ? []
      : [{ identity: identityOf(member), resource: resourceOf(kind, name), role }],
  );
}

function deployerGrants(): readonly Grant[] {
  const [, list = ''] =
    /variable "deployer_roles" \{[\s\S]*?default = \[([\s\S]*?)\]/.exec(
      readText('modules/github-federation/variables.tf'),
    ) ?? [];
  const roles = [...list.matchAll(/"(roles\/[\w.]+)"/g)].map(([, role = '']) => role);
  return [
    ...roles.map((role) => ({ identity: 'deployer', resource: 'project', role })),
    {
      identity: 'deployer',
      resource: 'bucket example-project-terraform-state',
      role: 'roles/storage.objectUser',
    },
  ];
}

const GRANTS: readonly Grant[] = [
  ...testedGrants('environment/tests/environment.tftest.hcl'),
  ...testedGrants('foundation/tests/foundation.tftest.hcl'),
  ...deployerGrants(),
].filter(({ identity }) => identity in IDENTITIES);

function permissionsOf(role: string): readonly string[] {
  const custom = /roles\/prod_(\w+)$/.exec(role)?.[1];
  return (custom === undefined ? PREDEFINED[role] : CUSTOM[custom]?.permissions) ?? [];
}

function neededOn(identity: string, resource: string): readonly string[] {
  return (IDENTITIES[identity]?.[resource] ?? []).flatMap((method) => METHODS[method] ?? []);
}

function neededAnywhere(identity: string): ReadonlySet<string> {
  return new Set(Object.keys(IDENTITIES[identity] ?? {}).flatMap((resource) => neededOn(identity, resource)));
}

/** Resources whose grants hold on a resource as well: the project, and a table's dataset. */
function withParents(resource: string): readonly string[] {
  const dataset = ['table _ledger', 'table _raw_events'].includes(resource) ? 'archive' : 'dataset';
  return [resource, 'project', ...(resource.startsWith('table ') ? [`dataset prod_events_${dataset}`] : [])];
}

function grantedOn(identity: string, resource: string): ReadonlySet<string> {
  const held = GRANTS.filter(
    (grant) => grant.identity === identity && withParents(resource).includes(grant.resource),
  );
  return new Set(held.flatMap(({ role }) => permissionsOf(role)));
}

/** Permissions with which an identity takes something away, or gives itself or others more. */
const DANGEROUS =
  /setIamPolicy$|\.delete$|actAs$|getAccessToken$|signBlob$|signJwt$|serviceAccountKeys\.create$|roles\.update$/;

describe.each(Object.keys(IDENTITIES))('permissions of %s', (identity) => {
  const resources = Object.keys(IDENTITIES[identity] ?? {});

  it('calls only methods whose permissions are known', () => {
    const unknown = Object.values(IDENTITIES[identity] ?? {})
      .flat()
      .filter((method) => METHODS[method] === undefined);

    expect(unknown).toEqual([]);
  });

  it('are not too little', () => {
    const missing = resources.flatMap((resource) =>
      neededOn(identity, resource)
        .filter((permission) => !grantedOn(identity, resource).has(permission))
        .map((permission) => `${resource}: ${permission}`),
    );

    expect(missing).toEqual([]);
  });

  it('are not too much: each role is needed where it is granted', () => {
    const idle = GRANTS.filter((grant) => grant.identity === identity).filter(({ resource, role }) => {
      const needed =
        resource === 'project' ? neededAnywhere(identity) : new Set(neededOn(identity, resource));
      return !permissionsOf(role).some((permission) => needed.has(permission));
    });

    expect(idle).toEqual([]);
  });

  it('let it delete, grant or impersonate no more than it needs, unless that is accepted with a reason', () => {
    const excess = GRANTS.filter((grant) => grant.identity === identity)
      .filter(({ role }) => ACCEPTED[identity]?.[role] === undefined)
      .flatMap(({ resource, role }) => {
        const needed =
          resource === 'project' ? neededAnywhere(identity) : new Set(neededOn(identity, resource));
        return permissionsOf(role)
          .filter((permission) => DANGEROUS.test(permission) && !needed.has(permission))
          .map((permission) => `${resource} ${role}: ${permission}`);
      });

    expect(excess).toEqual([]);
  });
});

describe('custom roles', () => {
  it.each(Object.entries(CUSTOM))('%s holds exactly what its holders need', (name, { permissions }) => {
    const holders = GRANTS.filter(({ role }) => role.endsWith(`roles/prod_${name}`));
    const needed = new Set(holders.flatMap(({ identity, resource }) => neededOn(identity, resource)));

    expect(permissions.filter((permission) => !needed.has(permission))).toEqual([]);
    expect(holders).not.toEqual([]);
  });
});

describe('predefined roles', () => {
  it('are in the table, with the permissions that they had when it was read', () => {
    const unknown = GRANTS.filter(({ role }) => permissionsOf(role).length === 0);

    expect(unknown).toEqual([]);
  });

  it('of the deployer cannot change accounts, custom roles or grants on the project', () => {
    const held = GRANTS.filter(({ identity }) => identity === 'deployer').flatMap(({ role }) =>
      permissionsOf(role),
    );

    expect(
      held.filter((permission) =>
        /^(iam\.(?!serviceAccounts\.(get|list))|resourcemanager\..*setIamPolicy)/.test(permission),
      ),
    ).toEqual([]);
  });
});
