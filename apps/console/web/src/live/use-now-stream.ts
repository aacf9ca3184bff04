import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Schema } from '../api/client';

const ADDRESS = '/api/now/stream';
/** A stream that the service refused is tried again after this time; the browser itself reconnects a broken one. */
const RETRY_MS = 10_000;

/** The query that the stream fills. */
export const NOW_KEY = ['now'] as const;

/**
 * Fills the query of Now from one stream for the page. Returns true while the stream is open; otherwise the query polls.
 * The stream is closed while the page is hidden.
 */
export function useNowStream(): boolean {
  const client = useQueryClient();
  const [isOpen, setOpen] = useState(false);
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
      opened.addEventListener('now', ({ data }: MessageEvent<string>) => {
        client.setQueryData(NOW_KEY, JSON.parse(data) as Schema<'NowView'>);
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
  return isOpen;
}
