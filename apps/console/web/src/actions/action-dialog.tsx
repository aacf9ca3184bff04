import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { visibleText } from '../format';
import { actionWords as words } from '../messages/actions';
import { Loading } from '../ui/states';
import './actions.css';
import { Choices, choicesOf, initialEntries, isComplete, PreviewButton, type ActionField } from './choices';
import { isFocusFree } from './confirmation-focus';
import { Effect, previewEffects, resultEffects } from './figures';
import { useAction, type ActionState, type Kind } from './use-action';

/** The preview of an edited text follows it after this pause. Each reads from BigQuery. */
const PAUSE_MS = 700;
/** The service holds every preview for a while; a longer text waits for the button. */
const MAX_FOLLOWED_CHARACTERS = 50_000;

export interface ActionDialogProps {
  readonly kind: Kind;
  readonly title: ReactNode;
  /** Choices that are made already. */
  readonly input: object;
  /** Choices to make. The first preview comes at once if none of them is required and empty. */
  readonly fields?: readonly ActionField[];
  readonly onClose: () => void;
}

/** One action from its choices to its outcome, in front of the page. */
export function ActionDialog({ kind, title, input, fields = [], onClose }: ActionDialogProps): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleLine = useRef<HTMLHeadingElement>(null);
  const confirm = useRef<HTMLButtonElement>(null);
  const [heading, form] = [useId(), useId()];
  const action = useAction(kind, saveFile);
  const { state } = action;
  const [entered, setEntered] = useState(() => initialEntries(fields));
  const [previewed, setPreviewed] = useState<string | null>(null);
  // A text that is edited stays beside its preview.
  const isEditor = fields.some(({ as }) => as === 'area');
  const isReady = isComplete(fields, entered);
  const choices = JSON.stringify(choicesOf(entered));
  const preview = (): void => {
    setPreviewed(choices);
    action.preview({ ...input, ...(JSON.parse(choices) as object) });
  };
  const started = useRef(false);
  useEffect(() => {
    dialog.current?.showModal();
    if (isEditor) dialog.current?.querySelector('textarea')?.focus();
    // The preview comes at once: the browser would have chosen Cancel or a field that is hidden then.
    else if (isReady) titleLine.current?.focus();
    if (!isReady || started.current) return;
    started.current = true;
    preview();
    // The dialog opens once; what it was opened with does not change.
  }, []);
  useEffect(() => {
    const isFollowed = isEditor && isReady && choices.length <= MAX_FOLLOWED_CHARACTERS;
    if (!isFollowed || choices === previewed) return;
    const timer = setTimeout(preview, PAUSE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [choices, previewed]);
  const isCurrent = state.at === 'preview' && choices === previewed;
  const effects =
    state.at === 'preview' ? previewEffects(kind, state.preview.figures, state.preview.input) : null;
  const mayConfirm = isCurrent && effects?.isNothing !== true;
  useEffect(() => {
    const places = { page: document.body, dialog: dialog.current, title: titleLine.current };
    if (mayConfirm && isFocusFree(document.activeElement, places)) confirm.current?.focus();
  }, [mayConfirm]);
  const isBefore = state.at !== 'running' && state.at !== 'ended';
  const isChoosing = isBefore && (isEditor || state.at === 'choices');
  return (
    <dialog
      ref={dialog}
      className="action"
      aria-labelledby={heading}
      onClose={onClose}
      onKeyDown={(event) => {
        // A key that is held since the dialog opened confirms nothing.
        if (event.key === 'Enter' && event.repeat) event.preventDefault();
      }}
    >
      <h2 id={heading} ref={titleLine} tabIndex={-1}>
        {title}
      </h2>
      <Choices
        fields={fields}
        entered={entered}
        isShown={isChoosing}
        id={form}
        onChange={setEntered}
        onSubmit={() => {
          if (mayConfirm) {
            confirm.current?.focus();
            return;
          }
          // Controls keep the focus; what was submitted leaves it on the title, from where the confirmation takes it.
          titleLine.current?.focus();
          preview();
        }}
      />
      <div aria-live="polite" aria-busy={state.at === 'previewing'}>
        {state.at === 'choices' && state.error !== null ? (
          <div className="notice bad" role="alert">
            {visibleText(state.error.message)}
          </div>
        ) : null}
        {state.at === 'previewing' ? (
          isEditor ? (
            <p className="muted" role="status">
              {words.previewing}
            </p>
          ) : (
            <Loading />
          )
        ) : null}
        {effects === null || (isEditor && !isCurrent) ? null : <Effect effects={effects} />}
        {state.at === 'running' ? <Running state={state} /> : null}
        {state.at === 'ended' ? <End kind={kind} state={state} /> : null}
      </div>
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
        {state.at === 'preview' && fields.length > 0 && !isEditor ? (
          <button type="button" className="button" onClick={action.back}>
            {words.again}
          </button>
        ) : null}
        {isChoosing ? (
          <PreviewButton form={form} isDisabled={!isReady || isCurrent || state.at === 'previewing'} />
        ) : null}
        {isBefore && (mayConfirm || isEditor) ? (
          <button
            ref={confirm}
            type="button"
            className="button button-main"
            disabled={!mayConfirm}
            onClick={(event) => {
              // The second click of a double click is meant for the button that was here before.
              if (event.detail <= 1) action.confirm();
            }}
          >
            {words.names[kind]}
          </button>
        ) : null}
      </div>
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

function saveFile(lines: readonly string[]): void {
  const url = URL.createObjectURL(new Blob([`${lines.join('\n')}\n`], { type: 'application/x-ndjson' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = words.export.file;
  link.click();
  URL.revokeObjectURL(url);
}
