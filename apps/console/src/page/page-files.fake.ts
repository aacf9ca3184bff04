import type { PageFiles } from './page-files.js';

/** A page without code. */
export function emptyPage(): PageFiles {
  const bytes = Buffer.from('<!doctype html><html lang="en"><title>console</title></html>');
  const index = { contentType: 'text/html; charset=utf-8', bytes, gzipped: bytes };
  return { index, assets: new Map() };
}
