import { createContext, lazy, Suspense, useContext, useEffect, useState, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { Loading } from '../ui/states';
import type { ActionDialogProps } from './action-dialog';

const ActionDialog = lazy(async () => ({ default: (await import('./action-dialog')).ActionDialog }));

/** An action that a button opens. */
export type OpenedAction = Omit<ActionDialogProps, 'onClose'>;

const OpenAction = createContext<(action: OpenedAction) => void>(() => undefined);

/** Opens an action in front of the page. */
export function useOpenAction(): (action: OpenedAction) => void {
  return useContext(OpenAction);
}

/**
 * Holds the open action. It belongs to the page and not to the row of its button: the row may be gone from the list before the
 * action has ended, and the action must go on and show its outcome. Another screen closes it.
 */
export function ActionHost({ children }: { readonly children: ReactNode }): ReactNode {
  const [location] = useLocation();
  const [opened, setOpened] = useState<OpenedAction | null>(null);
  useEffect(() => {
    setOpened(null);
  }, [location]);
  return (
    <OpenAction value={setOpened}>
      {children}
      {opened === null ? null : (
        <Suspense fallback={<Loading />}>
          <ActionDialog
            {...opened}
            onClose={() => {
              setOpened(null);
            }}
          />
        </Suspense>
      )}
    </OpenAction>
  );
}
