import type { ReactNode } from 'react';

const PATHS = {
  now: 'M3 12h4l3-8 4 16 3-8h4',
  event: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM20 20l-4-4',
  tables: 'M4 5h16v14H4zM4 10h16M10 10v9',
  timeline: 'M6 4v16M6 7h5M6 12h9M6 17h6',
  deadLetters: 'M4 6h16v12H4zM4 7l8 6 8-6',
  books:
    'M4 4h4v4H4zM10 4h4v4h-4zM16 4h4v4h-4zM4 10h4v4H4zM10 10h4v4h-4zM16 10h4v4h-4zM4 16h4v4H4zM10 16h4v4h-4z',
  approvals: 'M5 4h14v16H5zM9 12l2 2 4-5',
  plan: 'M6 3h9l4 4v14H6zM15 3v4h4M9 12h6M9 16h4',
  actions: 'M4 12a8 8 0 1 0 3-6.2M4 4v4h4M12 8v5l3 2',
  good: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM8 12l3 3 5-6',
  bad: 'M12 3 2.5 20h19zM12 10v4M12 17v.5',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M19 5l-1.4 1.4M6.4 17.6 5 19',
  moon: 'M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10Z',
} as const;

/** A line icon. It is decoration: the words beside it say the same. */
export function Icon({ name }: { readonly name: keyof typeof PATHS }): ReactNode {
  return (
    <svg
      viewBox="0 0 24 24"
      width="18"
      height="18"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
