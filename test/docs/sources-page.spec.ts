import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import {
  compileSchema,
  decodeEvent,
  fit,
  parseEventTypeSources,
  PIPELINE_COLUMNS,
  plan,
  routeEventType,
  type Column,
  type TableSchema,
} from '@pipeline/schema-inference';

const page = readFileSync(fileURLToPath(new URL('../../docs/SOURCES.md', import.meta.url)), 'utf8');
const EMPTY: TableSchema = { columns: PIPELINE_COLUMNS, closed: false };

interface Producer {
  readonly name: string;
  readonly setting: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly event: string;
  readonly table: string;
  readonly columns: readonly string[];
}

/** The sections of the page that have a setting. */
const producers = page
  .split(/^## /m)
  .slice(1)
  .map((section): Producer => {
    const block = (info: string): string =>
      new RegExp(`\`\`\`${info}\\n([\\s\\S]*?)\\n\`\`\``).exec(section)?.[1] ?? '';
    return {
      name: section.split('\n', 1)[0] ?? '',
      setting: /^EVENT_TYPE_FROM='(.*)'$/.exec(block('sh'))?.[1] ?? '',
      attributes: JSON.parse(block('json attributes') || '{}') as Record<string, string>,
      event: block('json event'),
      table: /^Table `(.*)`:$/m.exec(section)?.[1] ?? '',
      columns: block('text columns').split('\n'),
    };
  });

function toLines(columns: readonly Column[], parent = ''): readonly string[] {
  return columns.flatMap(({ name, type, mode, columns: children }) => [
    `${parent}${name} ${mode === 'REPEATED' ? 'REPEATED ' : ''}${type}`,
    ...toLines(children ?? [], `${parent}${name}.`),
  ]);
}

describe('docs/SOURCES.md', () => {
  it('has at least ten producers', () => {
    expect(producers.length).toBeGreaterThanOrEqual(10);
  });

  it.each(producers.map((producer) => [producer.name, producer] as const))(
    '%s: the setting finds the type, and the table is the one shown',
    (_name, { setting, attributes, event, table, columns }) => {
      const parsed = parseEventTypeSources(setting);
      if (parsed.kind === 'invalid') throw new Error(parsed.problem);
      const decoded = decodeEvent(
        { data: Buffer.from(event), attributes },
        { eventTypeFrom: parsed.sources },
      );
      if (decoded.kind === 'rejected') throw new Error(decoded.detail);
      const { pending, overflow } = fit(decoded.event, compileSchema(EMPTY));
      const { schema } = plan(EMPTY, [pending]);

      expect(overflow).toBeNull();
      expect(routeEventType(decoded.event.eventType)).toBe(table);
      expect(toLines(schema.columns.slice(PIPELINE_COLUMNS.length))).toEqual(columns);
    },
  );
});
