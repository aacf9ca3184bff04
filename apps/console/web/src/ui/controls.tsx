import { useState, type ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import { words } from '../messages';
import { Icon } from './icons';

/** The period of a screen, in its address: `?since=24h`. */
export function useSince(byDefault: string): [string, (since: string) => void] {
  const [parameters, setParameters] = useSearchParams();
  return [
    parameters.get('since') ?? byDefault,
    (since) => {
      setParameters((before) => {
        const after = new URLSearchParams(before);
        after.set('since', since);
        return after;
      });
    },
  ];
}

/** Choices of a period. */
export function SpanPicker({
  since,
  onChange,
}: {
  readonly since: string;
  readonly onChange: (since: string) => void;
}): ReactNode {
  return (
    <div className="segments" role="group" aria-label={words.span.label}>
      {Object.entries(words.span.options).map(([value, label]) => (
        <button
          key={value}
          type="button"
          aria-pressed={value === since}
          onClick={() => {
            onChange(value);
          }}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

/** A filter of a list. */
export function FilterField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}): ReactNode {
  return (
    <span className="field">
      <Icon name="event" />
      <input
        type="search"
        aria-label={label}
        placeholder={words.filter}
        value={value}
        spellCheck={false}
        onChange={({ target }) => {
          onChange(target.value);
        }}
      />
    </span>
  );
}

/** Copies text to the clipboard and says so. */
export function CopyButton({ text }: { readonly text: string }): ReactNode {
  const [isCopied, setCopied] = useState(false);
  return (
    <button
      type="button"
      className="button"
      onClick={() => {
        navigator.clipboard.writeText(text).then(
          () => {
            setCopied(true);
          },
          () => {
            setCopied(false);
          },
        );
      }}
    >
      <span aria-live="polite">{isCopied ? words.copied : words.copy}</span>
    </button>
  );
}
