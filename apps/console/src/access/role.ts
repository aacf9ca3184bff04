/** Roles, the least first. `operator` runs what can be undone or repeated; `admin` decides about columns. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;

/** One of {@link ROLES}. */
export type Role = (typeof ROLES)[number];

/** True if `role` includes what `needed` may do. */
export function isAtLeast(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** Accounts of the roles: addresses, or `@example.com` for every address of a domain. */
export interface RoleLists {
  readonly operators: readonly string[];
  readonly admins: readonly string[];
  /** Role of everyone else. */
  readonly role: Role;
}

/** Returns the highest role that an address has. */
export function roleOf(email: string, { operators, admins, role }: RoleLists): Role {
  const address = email.toLowerCase();
  const isIn = (list: readonly string[]): boolean =>
    list.some((entry) => {
      const wanted = entry.toLowerCase();
      return wanted.startsWith('@') ? address.endsWith(wanted) : address === wanted;
    });
  if (isIn(admins)) return 'admin';
  return isIn(operators) && !isAtLeast(role, 'operator') ? 'operator' : role;
}
