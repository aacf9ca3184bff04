import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { visibleText } from '../format';
import { actionWords as words } from '../messages/actions';
import { Loading } from '../ui/states';
import './actions.css';
import { Effect, previewEffects, resultEffects } from './figures';
import { useAction, type ActionState, type Kind } from './use-action';

/** A choice that the person makes before the preview. */
export interface ActionField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly as: 'text' | 'area' | 'check';
  readonly initial?: string;
  readonly isRequired?: boolean;
}

export interface ActionDialogProps {
  readonly kind: Kind;
  readonly title: ReactNode;
  /** Choices that are made already. */
  readonly input: object;
  /** Choices to make; without any, the preview comes at once. */
  readonly fields?: readonly ActionField[];
  readonly onClose: () => void;
}

/** One action from its choices to its outcome, in front of the page. */
export function ActionDialog({ kind, title, input, fields = [], onClose }: ActionDialogProps): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const action = useAction(kind, saveFile);
  const { state } = action;
  const started = useRef(false);
  useEffect(() => {
    dialog.current?.showModal();
    if (fields.length > 0 || started.current) return;
    started.current = true;
    action.preview(input);
    // The dialog opens once; what it was opened with does not change.
  }, []);
  return (
    <dialog ref={dialog} className="action" aria-labelledby={heading} onClose={onClose}>
      <h2 id={heading}>{title}</h2>
      <div aria-live="polite">
        {state.at === 'choices' && state.error !== null ? (
          <div className="notice bad" role="alert">
            {visibleText(state.error.message)}
          </div>
        ) : null}
        {state.at === 'previewing' ? <Loading /> : null}
        {state.at === 'preview' ? (
          <Effect effects={previewEffects(kind, state.preview.figures, state.preview.input)} />
        ) : null}
        {state.at === 'running' ? <Running state={state} /> : null}
        {state.at === 'ended' ? <End kind={kind} state={state} /> : null}
      </div>
      <Choices
        fields={fields}
        isShown={state.at === 'choices'}
        submitLabel={words.preview}
        onCancel={() => dialog.current?.close()}
        onSubmit={(chosen) => {
          action.preview({ ...input, ...chosen });
        }}
      />
      {state.at === 'choices' ? null : (
        <div className="action-end">
          {state.at === 'running' ? (
            <button type="button" className="button" onClick={action.stop}>
              {words.stop}
            </button>
          ) : (
            <button type="button" className="button" onClick={() => dialog.current?.close()}>
              {state.at === 'ended' ? words.close : words.cancel}
            </button>
          )}
          {state.at === 'preview' && fields.length > 0 ? (
            <button type="button" className="button" onClick={action.back}>
              {words.again}
            </button>
          ) : null}
          {state.at === 'preview' &&
          previewEffects(kind, state.preview.figures, state.preview.input).isNothing !== true ? (
            <button type="button" className="button button-main" onClick={action.confirm}>
              {words.names[kind]}
            </button>
          ) : null}
        </div>
      )}
    </dialog>
  );
}

function Running({ state: { done, total } }: { readonly state: ActionState & { at: 'running' } }): ReactNode {
  return (
    <div role="status">
      <p>
        {words.running} {words.progress(done, total)}
      </p>
      <progress
        aria-label={words.running}
        {...(total === null ? {} : { value: done, max: Math.max(1, total) })}
      />
    </div>
  );
}

function End({
  kind,
  state: { actionId, ended },
}: {
  readonly kind: Kind;
  readonly state: ActionState & { at: 'ended' };
}): ReactNode {
  const { outcome, result, error } = ended;
  return (
    <div role="status">
      <p>
        <span className={`badge ${error !== null ? 'bad' : outcome === 'completed' ? 'good' : 'warn'}`}>
          {words.outcomes[outcome]}
        </span>
      </p>
      {error === null ? null : <p className="bad-text">{visibleText(error.message)}</p>}
      <Effect effects={resultEffects(kind, result)} />
      {outcome === 'interrupted' ? <p className="muted">{words.interruptedHint}</p> : null}
      {actionId === '' ? null : (
        <p className="muted small">
          {words.logged} <span className="mono">{actionId}</span>
        </p>
      )}
    </div>
  );
}

interface ChoicesProps {
  readonly fields: readonly ActionField[];
  readonly isShown: boolean;
  readonly submitLabel: string;
  readonly onCancel: () => void;
  readonly onSubmit: (chosen: Readonly<Record<string, string | boolean>>) => void;
}

/** The form stays while the preview is shown, so that what was entered is there again. */
function Choices({ fields, isShown, submitLabel, onCancel, onSubmit }: ChoicesProps): ReactNode {
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(
      fields.flatMap(({ name, as, initial = '' }) => (as === 'check' ? [] : [[name, initial]])),
    ),
  );
  const [checks, setChecks] = useState<Readonly<Record<string, boolean>>>({});
  const id = useId();
  const isIncomplete = fields.some(
    ({ name, isRequired = false }) => isRequired && (texts[name] ?? '').trim() === '',
  );
  return (
    <form
      hidden={!isShown}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isIncomplete) onSubmit({ ...given(texts), ...checks });
      }}
    >
      {fields.map(({ name, label, hint, as, isRequired = false }) => {
        const shared = {
          id: `${id}${name}`,
          name,
          required: isRequired,
          'aria-describedby': hint === undefined ? undefined : `${id}${name}-hint`,
        };
        const set = (value: string): void => {
          setTexts((before) => ({ ...before, [name]: value }));
        };
        return (
          <div key={name} className={as === 'check' ? 'choice choice-check' : 'choice'}>
            <label htmlFor={shared.id}>{label}</label>
            {as === 'area' ? (
              <textarea
                {...shared}
                className="mono"
                rows={12}
                spellCheck={false}
                value={texts[name] ?? ''}
                onChange={({ target }) => {
                  set(target.value);
                }}
              />
            ) : as === 'check' ? (
              <input
                {...shared}
                type="checkbox"
                checked={checks[name] ?? false}
                onChange={({ target }) => {
                  setChecks((before) => ({ ...before, [name]: target.checked }));
                }}
              />
            ) : (
              <input
                {...shared}
                type="text"
                autoComplete="off"
                spellCheck={false}
                value={texts[name] ?? ''}
                onChange={({ target }) => {
                  set(target.value);
                }}
              />
            )}
            {hint === undefined ? null : (
              <p id={`${id}${name}-hint`} className="muted small">
                {hint}
              </p>
            )}
          </div>
        );
      })}
      <div className="action-end">
        <button type="button" className="button" onClick={onCancel}>
          {words.cancel}
        </button>
        <button type="submit" className="button button-main" disabled={isIncomplete}>
          {submitLabel}
        </button>
      </div>
    </form>
  );
}

/** An empty text is no choice. */
function given(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ''));
}

function saveFile(lines: readonly string[]): void {
  const url = URL.createObjectURL(new Blob([`${lines.join('\n')}\n`], { type: 'application/x-ndjson' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = words.export.file;
  link.click();
  URL.revokeObjectURL(url);
}
