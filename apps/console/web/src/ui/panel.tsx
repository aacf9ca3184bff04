import { useId, type ReactNode } from 'react';

/** A part of a screen with a heading. */
export function Panel({
  title,
  end,
  children,
}: {
  readonly title: ReactNode;
  readonly end?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <div className="panel-head">
        <h2 id={id}>{title}</h2>
        {end === undefined ? null : <div className="title-end">{end}</div>}
      </div>
      {children}
    </section>
  );
}
