import type { UseQueryResult } from '@tanstack/react-query';
import { useId, type ReactNode } from 'react';

export interface PanelProps<Data> {
  readonly title: string;
  readonly note?: ReactNode;
  /** Buttons and the like; there whatever face the panel shows. */
  readonly actions?: ReactNode;
  readonly query: UseQueryResult<Data>;
  /** What is said when there is nothing to show; `undefined` while there is something. */
  readonly empty: (data: Data) => string | undefined;
  readonly children: (data: Data) => ReactNode;
}

/** A titled part of a page with its four faces: loading, failed, empty, ready. */
export function Panel<Data>({ title, note, actions, query, empty, children }: PanelProps<Data>) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="panel">
      <div className="panel-head">
        <h2 id={id}>{title}</h2>
        {note && <p className="muted">{note}</p>}
      </div>
      {actions}
      {query.isPending && <output className="muted">Loading {title.toLowerCase()} …</output>}
      {query.isError && (
        <p role="alert" className="failed">
          {query.error.message}{' '}
          <button type="button" onClick={() => void query.refetch()}>
            Try again
          </button>
        </p>
      )}
      {query.isSuccess &&
        (empty(query.data) === undefined ? children(query.data) : <p className="muted">{empty(query.data)}</p>)}
    </section>
  );
}
