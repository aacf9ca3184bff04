import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Schema } from '../api/client';

const ADDRESS = '/api/now/stream';
/** A stream that the service refused is tried again after this time; the browser itself reconnects a broken one. */
const RETRY_MS = 10_000;

/** The query that the stream fills. */
export const NOW_KEY = ['now'] as const;

export interface NowStreamState {
  /** The stream is open; otherwise the query polls. */
  readonly isOpen: boolean;
  /** Time of the reading that is shown until the first one of this stream; null from then on. */
  readonly outdatedAt: string | null;
}

/**
 * Fills the query of Now from one stream for the page. The stream is closed while the page is hidden.
 */
export function useNowStream(): NowStreamState {
  const client = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [outdatedAt, setOutdatedAt] = useState<string | null>(null);
  useEffect(() => {
    let source: EventSource | null = null;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const close = (): void => {
      clearTimeout(retry);
      source?.close();
      source = null;
      setOpen(false);
    };
    const open = (): void => {
      close();
      if (document.hidden) return;
      const opened = new EventSource(ADDRESS);
      source = opened;
      opened.addEventListener('open', () => {
        setOpen(true);
      });
      opened.addEventListener('outdated', ({ data }: MessageEvent<string>) => {
        const view = JSON.parse(data) as Schema<'NowView'>;
        const shown = client.getQueryData<Schema<'NowView'>>(NOW_KEY);
        if (shown !== undefined && shown.takenAt > view.takenAt) return;
        client.setQueryData(NOW_KEY, view);
        setOutdatedAt(view.takenAt);
      });
      opened.addEventListener('now', ({ data }: MessageEvent<string>) => {
        client.setQueryData(NOW_KEY, JSON.parse(data) as Schema<'NowView'>);
        setOutdatedAt(null);
      });
      opened.addEventListener('failure', () => {
        // The query asks, fails in its turn, and shows the reason.
        void client.invalidateQueries({ queryKey: NOW_KEY });
      });
      opened.addEventListener('error', () => {
        setOpen(false);
        if (opened.readyState === EventSource.CLOSED) retry = setTimeout(open, RETRY_MS);
      });
    };
    open();
    document.addEventListener('visibilitychange', open);
    return () => {
      document.removeEventListener('visibilitychange', open);
      close();
    };
  }, [client]);
  return { isOpen, outdatedAt };
}
