import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { send, sendForLines, type Schema } from '../api/client';

/** The name of an action. */
export type Kind = Schema<'PreviewBody'>['kind'];

/** An action on its way: choices, preview, run, outcome. */
export type ActionState =
  | { readonly at: 'choices'; readonly error: Error | null }
  | { readonly at: 'previewing' }
  | { readonly at: 'preview'; readonly preview: Schema<'PreviewView'> }
  | { readonly at: 'running'; readonly done: number; readonly total: number | null }
  | { readonly at: 'ended'; readonly actionId: string; readonly ended: Ended };

/** The end of an action, as the API says it. */
export interface Ended {
  readonly outcome: 'completed' | 'failed' | 'interrupted';
  readonly result: unknown;
  readonly error: { readonly code: string; readonly message: string } | null;
}

type Step =
  | { readonly step: 'begun'; readonly actionId: string }
  | { readonly step: 'progress'; readonly done: number; readonly total: number | null }
  | { readonly step: 'line'; readonly line: string }
  | (Ended & { readonly step: 'ended' });

interface Action {
  readonly state: ActionState;
  readonly preview: (input: object) => void;
  readonly confirm: () => void;
  readonly stop: () => void;
  readonly back: () => void;
}

/** Takes one action from its choices to its outcome. Leaving the page stops it. */
export function useAction(kind: Kind, onFile: (lines: readonly string[]) => void): Action {
  const [state, setState] = useState<ActionState>({ at: 'choices', error: null });
  const client = useQueryClient();
  const control = useRef<AbortController | null>(null);
  useEffect(
    () => () => {
      control.current?.abort();
    },
    [],
  );
  const begin = useCallback((): AbortSignal => {
    control.current?.abort();
    control.current = new AbortController();
    return control.current.signal;
  }, []);
  const fail = useCallback((cause: unknown) => {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    if (error.name !== 'AbortError') setState({ at: 'choices', error });
  }, []);
  const preview = (input: object): void => {
    const signal = begin();
    setState({ at: 'previewing' });
    // The API checks the choices of each kind.
    send('/api/actions/preview', { kind, input }, signal).then((answer) => {
      setState({ at: 'preview', preview: answer });
    }, fail);
  };
  const run = async (token: string): Promise<void> => {
    setState({ at: 'running', done: 0, total: null });
    const lines: string[] = [];
    let actionId = '';
    for await (const line of sendForLines('/api/actions/run', { token }, begin())) {
      const step = line as Step;
      if (step.step === 'begun') {
        actionId = step.actionId;
      } else if (step.step === 'progress') {
        setState({ at: 'running', done: step.done, total: step.total });
      } else if (step.step === 'line') {
        lines.push(step.line);
      } else {
        if (lines.length > 0) onFile(lines);
        setState({ at: 'ended', actionId, ended: step });
      }
    }
    await client.invalidateQueries();
  };
  return {
    state,
    preview,
    confirm: () => {
      if (state.at === 'preview') run(state.preview.token).catch(fail);
    },
    stop: () => {
      control.current?.abort();
      setState({ at: 'ended', actionId: '', ended: { outcome: 'interrupted', result: null, error: null } });
    },
    back: () => {
      setState({ at: 'choices', error: null });
    },
  };
}
