import type { ReactNode } from 'react';
import { actionWords as words } from '../messages/actions';
import { useOpenAction, type OpenedAction } from './action-host';
import { isAtLeast, useSession } from './session';

const ADMIN_ACTIONS: readonly string[] = ['retype', 'approve', 'reject'];

/** A button that opens an action. Without the role it is disabled, and says which one is needed. */
export function ActionButton({
  label,
  isMain = false,
  ...action
}: Omit<OpenedAction, 'title'> & {
  readonly label?: string;
  readonly title?: ReactNode;
  readonly isMain?: boolean;
}): ReactNode {
  const open = useOpenAction();
  const session = useSession();
  const needed = ADMIN_ACTIONS.includes(action.kind) ? 'admin' : 'operator';
  const isAllowed = session !== null && isAtLeast(session.role, needed);
  const name = label ?? words.names[action.kind];
  return (
    <button
      type="button"
      className={isMain ? 'button button-main' : 'button'}
      disabled={!isAllowed}
      title={session === null || isAllowed ? undefined : words.needsRole(needed, session.role)}
      onClick={() => {
        open({ ...action, title: action.title ?? name });
      }}
    >
      {name}
    </button>
  );
}
