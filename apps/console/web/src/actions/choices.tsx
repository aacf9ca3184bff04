import { useId, useRef, type ReactNode } from 'react';
import { actionWords as words } from '../messages/actions';

/** A choice that the person makes before the preview. */
export interface ActionField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly as: 'text' | 'area' | 'check';
  readonly initial?: string;
  readonly isRequired?: boolean;
}

/** The entries so far, by the name of the field. */
export type Entered = Readonly<Record<string, string | boolean>>;

/** The entries of a form that was just opened. */
export function initialEntries(fields: readonly ActionField[]): Entered {
  return Object.fromEntries(
    fields.map(({ name, as, initial = '' }) => [name, as === 'check' ? false : initial]),
  );
}

/** True if every field that must have an entry has one. */
export function isComplete(fields: readonly ActionField[], entered: Entered): boolean {
  return fields.every(
    ({ name, isRequired = false }) => !isRequired || String(entered[name] ?? '').trim() !== '',
  );
}

/** The choices that the entries make: an empty text is none. */
export function choicesOf(entered: Entered): Entered {
  return Object.fromEntries(Object.entries(entered).filter(([, entry]) => entry !== ''));
}

interface ChoicesProps {
  readonly fields: readonly ActionField[];
  readonly entered: Entered;
  /** The form stays while the preview is shown, so that what was entered is there again. */
  readonly isShown: boolean;
  readonly id: string;
  readonly onChange: (entered: Entered) => void;
  readonly onSubmit: () => void;
}

/** The fields of an action. Enter in a line and Ctrl+Enter anywhere submit them. */
export function Choices({ fields, entered, isShown, id, onChange, onSubmit }: ChoicesProps): ReactNode {
  const form = useRef<HTMLFormElement>(null);
  const prefix = useId();
  return (
    <form
      ref={form}
      id={id}
      hidden={!isShown}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        form.current?.requestSubmit();
      }}
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete(fields, entered)) onSubmit();
      }}
    >
      {fields.map((field) => (
        <Choice
          key={field.name}
          field={field}
          id={`${prefix}${field.name}`}
          entry={entered[field.name] ?? ''}
          onChange={(entry) => {
            onChange({ ...entered, [field.name]: entry });
          }}
        />
      ))}
    </form>
  );
}

function Choice({
  field: { name, label, hint, as, isRequired = false },
  id,
  entry,
  onChange,
}: {
  readonly field: ActionField;
  readonly id: string;
  readonly entry: string | boolean;
  readonly onChange: (entry: string | boolean) => void;
}): ReactNode {
  const shared = {
    id,
    name,
    required: isRequired,
    'aria-describedby': hint === undefined ? undefined : `${id}-hint`,
  };
  return (
    <div className={as === 'check' ? 'choice choice-check' : 'choice'}>
      <label htmlFor={id}>{label}</label>
      {as === 'area' ? (
        <textarea
          {...shared}
          className="mono"
          rows={12}
          spellCheck={false}
          aria-keyshortcuts="Control+Enter"
          value={String(entry)}
          onChange={({ target }) => {
            onChange(target.value);
          }}
        />
      ) : as === 'check' ? (
        <input
          {...shared}
          type="checkbox"
          checked={entry === true}
          onChange={({ target }) => {
            onChange(target.checked);
          }}
        />
      ) : (
        <input
          {...shared}
          type="text"
          autoComplete="off"
          spellCheck={false}
          value={String(entry)}
          onChange={({ target }) => {
            onChange(target.value);
          }}
        />
      )}
      {hint === undefined ? null : (
        <p id={`${id}-hint`} className="muted small">
          {hint}
        </p>
      )}
    </div>
  );
}

/** Shows the preview of what was entered. */
export function PreviewButton({
  form,
  isDisabled,
}: {
  readonly form: string;
  readonly isDisabled: boolean;
}): ReactNode {
  return (
    <button type="submit" form={form} className="button" disabled={isDisabled}>
      {words.preview}
    </button>
  );
}
