import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JournalFile } from './journal-file.js';

interface Entry {
  readonly n: number;
}

describe('JournalFile', () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'journal-'));
    path = join(folder, 'journal.ndjson');
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function open(): { readonly journal: JournalFile<Entry>; readonly seen: Entry[] } {
    const seen: Entry[] = [];
    const { journal } = JournalFile.open<Entry>(path, (entry) => seen.push(entry));
    return { journal, seen };
  }

  it('hands back what was appended, in order', async () => {
    const first = open();
    for (const n of [1, 2, 3]) first.journal.append({ n });
    await first.journal.sync();
    await first.journal.close();

    const { journal, seen } = open();

    expect(seen).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    await journal.close();
  });

  it('has a record in the file when append returns', async () => {
    const { journal } = open();
    journal.append({ n: 1 });
    expect(readFileSync(path, 'utf8')).toBe('{"n":1}\n');
    await journal.close();
  });

  it('cuts off an unfinished last line and continues behind the last whole one', async () => {
    writeFileSync(path, '{"n":1}\n{"n":');
    const first = open();
    expect(first.seen).toEqual([{ n: 1 }]);
    first.journal.append({ n: 2 });
    await first.journal.close();

    const { journal, seen } = open();

    expect(seen).toEqual([{ n: 1 }, { n: 2 }]);
    await journal.close();
  });

  it('reads records longer than a read of the file', async () => {
    const text = 'x'.repeat(5_000_000);
    appendFileSync(path, `${JSON.stringify({ n: 1, text })}\n${JSON.stringify({ n: 2 })}\n`);
    const { journal, seen } = open();
    expect(seen).toEqual([{ n: 1, text }, { n: 2 }]);
    await journal.close();
  });

  it('is not opened when a whole line is damaged', () => {
    writeFileSync(path, '{"n":1\n');
    expect(() => open()).toThrow(SyntaxError);
  });

  it('answers every caller of sync, also those that arrive during a flush', async () => {
    const { journal } = open();
    const flushes = Array.from({ length: 20 }, async (_, n) => {
      journal.append({ n });
      await journal.sync();
    });
    await expect(Promise.all(flushes)).resolves.toHaveLength(20);
    await journal.close();
  });

  it('replaces its content and goes on behind it', async () => {
    const first = open();
    for (const n of [1, 2, 3]) first.journal.append({ n });
    first.journal.replace([{ n: 6 }]);
    first.journal.append({ n: 7 });
    await first.journal.close();

    const { journal, seen } = open();

    expect(seen).toEqual([{ n: 6 }, { n: 7 }]);
    expect(readdirSync(folder)).toEqual(['journal.ndjson']);
    await journal.close();
  });

  it('keeps the old content when the new one fails', async () => {
    const first = open();
    first.journal.append({ n: 1 });
    const failing = function* (): Generator<Entry> {
      yield { n: 2 };
      throw new Error('no more');
    };
    expect(() => {
      first.journal.replace(failing());
    }).toThrow('no more');
    await first.journal.close();

    const { journal, seen } = open();

    expect(seen).toEqual([{ n: 1 }]);
    expect(readdirSync(folder)).toEqual(['journal.ndjson']);
    await journal.close();
  });

  it('is private to its account', async () => {
    const { journal } = open();
    journal.replace([{ n: 1 }]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await journal.close();
  });
});
