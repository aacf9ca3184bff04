import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiError, read, type Schema } from '../api/client';
import { formatCount } from '../format';
import { words } from '../messages';
import { Panel } from '../ui/panel';
import { Answered, Failure } from '../ui/states';

const text = words.localCloud;
const KEY = ['local-cloud'];
const REFRESH_MS = 5_000;
const LAGS_MS = [0, 10_000, 60_000] as const;

interface Change {
  readonly path: string;
  readonly method: 'PUT' | 'POST' | 'DELETE';
  readonly body?: object;
}

async function change({ path, method, body = {} }: Change): Promise<Schema<'LocalCloudView'>> {
  const response = await fetch(`/api/local-cloud/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (response.ok) return (await response.json()) as Schema<'LocalCloudView'>;
  throw new ApiError(response.status, 'NOT_CHANGED', text.failed);
}

/** On a laptop: addresses of everything that runs, and the faults that the local cloud simulates. */
export function LocalCloudPanel(): ReactNode {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => read('/api/local-cloud', {}, signal),
    refetchInterval: REFRESH_MS,
  });
  const mutation = useMutation({
    mutationFn: change,
    onSuccess: (view) => {
      client.setQueryData(KEY, view);
    },
  });
  return (
    <Panel title={text.title} end={<span className="muted">{text.hint}</span>}>
      {mutation.error === null ? null : <Failure error={mutation.error} />}
      <Answered query={query}>
        {(view) => (
          <div className="panel-body switches">
            <Addresses addresses={view.addresses} />
            <Switches view={view} onChange={mutation.mutate} isBusy={mutation.isPending} />
          </div>
        )}
      </Answered>
    </Panel>
  );
}

function Addresses({ addresses }: { readonly addresses: readonly Schema<'AddressView'>[] }): ReactNode {
  if (addresses.length === 0) return null;
  return (
    <dl className="addresses">
      {addresses.map(({ name, url }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="mono">{url.replace(/^https?:\/\//, '')}</dd>
        </div>
      ))}
    </dl>
  );
}

function Switches({
  view: { metadataLagMs, metadataRateLimit, faults },
  onChange,
  isBusy,
}: {
  readonly view: Schema<'LocalCloudView'>;
  readonly onChange: (change: Change) => void;
  readonly isBusy: boolean;
}): ReactNode {
  return (
    <div className="switch-list">
      <div className="switch-line">
        <span id="metadata-lag">{text.lag}</span>
        <div className="segments" role="group" aria-labelledby="metadata-lag">
          {LAGS_MS.map((milliseconds) => (
            <button
              key={milliseconds}
              type="button"
              disabled={isBusy}
              aria-pressed={milliseconds === metadataLagMs}
              onClick={() => {
                onChange({ path: 'metadata-lag', method: 'PUT', body: { milliseconds } });
              }}
            >
              {text.lagOf(milliseconds)}
            </button>
          ))}
        </div>
      </div>
      <div className="switch-line">
        <span id="rate-limit">{text.rateLimit}</span>
        <button
          type="button"
          className="button"
          disabled={isBusy}
          aria-pressed={metadataRateLimit}
          id="rate-limit-state"
          aria-labelledby="rate-limit rate-limit-state"
          onClick={() => {
            onChange({ path: 'rate-limit', method: 'PUT', body: { enabled: !metadataRateLimit } });
          }}
        >
          {metadataRateLimit ? text.on : text.off}
        </button>
      </div>
      <div className="switch-line">
        <span id="add-fault">{text.addFault}</span>
        <div className="switch-buttons" role="group" aria-labelledby="add-fault">
          {Object.entries(text.kinds).map(([kind, label]) => (
            <button
              key={kind}
              type="button"
              className="button"
              disabled={isBusy}
              onClick={() => {
                onChange({ path: 'faults', method: 'POST', body: { kind } });
              }}
            >
              {label}
            </button>
          ))}
        </div>
      </div>
      {faults.length === 0 ? (
        <p className="muted small">{text.noFaults}</p>
      ) : (
        <div className="switch-line">
          <ul className="small" aria-label={text.faults}>
            {faults.map(({ id, method, effect, hits }) => (
              <li key={id}>
                <span className="badge warn">{effect}</span> <span className="mono">{method}</span>{' '}
                <span className="muted">{text.hits(formatCount(hits))}</span>
              </li>
            ))}
          </ul>
          <button
            type="button"
            className="button"
            disabled={isBusy}
            onClick={() => {
              onChange({ path: 'faults', method: 'DELETE' });
            }}
          >
            {text.endFaults}
          </button>
        </div>
      )}
    </div>
  );
}
