import { describe, expect, it } from '@jest/globals';
import { compileSchema } from '@pipeline/schema-inference';
import { InMemoryTables } from '@pipeline/testing';
import { TableCache, type RememberedTable } from './table-cache.js';

const compile = ({ schema }: RememberedTable): ReturnType<typeof compileSchema> => compileSchema(schema);

describe('TableCache', () => {
  it('keeps the answer to the later question, whichever comes first', () => {
    const tables = new InMemoryTables();
    const [old, recent] = [
      tables.put('t', []),
      tables.put('t', [{ name: 'a', type: 'INT64', mode: 'NULLABLE' }]),
    ];
    const cache = new TableCache(10);
    const [first, second] = [cache.takeTicket(), cache.takeTicket()];

    cache.remember(second, recent, compile);

    expect(cache.remember(first, old, compile).stored.etag).toBe(recent.etag);
    expect(cache.get('t')?.stored.etag).toBe(recent.etag);
  });

  it('compiles one version of a table once', () => {
    const stored = new InMemoryTables().put('t', []);
    const cache = new TableCache(10);

    const first = cache.remember(cache.takeTicket(), stored, compile);
    const second = cache.remember(cache.takeTicket(), stored, compile);

    expect(second.compiled).toBe(first.compiled);
    expect(second.generation).toBeGreaterThan(first.generation);
  });
});
