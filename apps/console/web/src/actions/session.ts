import { useQuery } from '@tanstack/react-query';
import { read, type Schema } from '../api/client';

const ROLES = ['viewer', 'operator', 'admin'];

/** The caller; null until the API answered. */
export function useSession(): Schema<'SessionView'> | null {
  const { data } = useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) => read('/api/session', {}, signal),
    staleTime: Infinity,
  });
  return data ?? null;
}

/** True if a role includes what another may do. */
export function isAtLeast(role: string, needed: string): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
