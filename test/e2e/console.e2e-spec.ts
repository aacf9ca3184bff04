import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { runPipeline } from './command-line.js';
import { describeActionApi, describeActionPages, type ConsoleSuite } from './console-actions.js';
import {
  HAS_BROWSER,
  launchBrowser,
  openPage,
  settled,
  violations,
  visit,
  type WatchedPage,
} from './console-browser.js';
import { eventually } from './eventually.js';
import { Pipeline } from './pipeline.js';

/** The console of a whole pipeline, against the command line and in a real browser. */
let pipeline: Pipeline;
let origin: string;
let viewerOrigin: string;
let until: string;
const ids: Record<'markup' | 'numbers' | 'text' | 'rightToLeft' | 'broken', string> = {
  markup: '',
  numbers: '',
  text: '',
  rightToLeft: '',
  broken: '',
};

const NUMBER_OF_40_DIGITS = '1234567890123456789012345678901234567890';
const MARKUP = '<img src=x onerror="alert(1)">';
const SINCE = '2h';

beforeAll(async () => {
  pipeline = await Pipeline.start();
  await pipeline.startTableManager();
  const [generator, console_, viewer] = await Promise.all([
    pipeline.startEventGenerator(),
    pipeline.startConsole({ CONSOLE_ROLE: 'admin' }),
    pipeline.startConsole(),
  ]);
  origin = console_.url;
  viewerOrigin = viewer.url;
  await post(`${generator.url}/generate`, { count: 120, seed: 7 });
  await post(`${generator.url}/scenarios/poison`, { count: 28, seed: 7 });
  await post(`${generator.url}/scenarios/type-flip`, { count: 12, seed: 7 });
  ids.markup = await pipeline.publish(
    {
      event_type: '<script>alert(1)</script>',
      [MARKUP]: MARKUP,
      escape: '\u001b[31mred\u0007',
      wide: 'a'.repeat(500),
    },
    { [MARKUP]: MARKUP },
  );
  ids.numbers = await pipeline.publish(
    `{"event_type":"numbers","digits":${NUMBER_OF_40_DIGITS},"exponent":1e400,"fraction":0.10,"unsafe":9007199254740993}`,
  );
  ids.text = await pipeline.publish({ event_type: 'text', text: 'x'.repeat(9_000_000) });
  ids.rightToLeft = await pipeline.publish({ event_type: 'مرحبا', text: '\u202eabc שלום' });
  ids.broken = await pipeline.publish('{"event_type":"broken",');
  await eventually(async () => {
    const { totals } = await api<{ totals: Record<string, number> }>('/api/books');
    expect(totals).toMatchObject({ received: 165, inProgress: 0, unaccounted: 0 });
  });
  until = new Date(Date.now() + 1_000).toISOString();
});

afterAll(() => pipeline.stop());

async function post(url: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(response.status).toBe(200);
}

async function api<Answer>(path: string): Promise<Answer> {
  const response = await fetch(`${origin}${path}`);
  expect([path, response.status]).toEqual([path, 200]);
  return (await response.json()) as Answer;
}

/** The JSON that a command prints. */
async function command<Answer>(...words: readonly string[]): Promise<Answer> {
  const { stdout, stderr } = await runPipeline(pipeline.cloud, ...words, '--json');
  expect(stdout === '' ? stderr : '').toBe('');
  return JSON.parse(stdout) as Answer;
}

/** A change as the console's API names it; `history --json` has the names of table-manager's API. */
interface HistoryRecord {
  readonly changeId: string;
  readonly tableId: string;
  readonly fromType: string | null;
  readonly toType: string | null;
  readonly messageId: string | null;
  readonly changedAtMs: number;
}

describe('the figures of the console', () => {
  it('are the books of audit', async () => {
    const since = new Date(Date.parse(until) - 7_200_000).toISOString();
    const ofConsole = await api<object>(`/api/books?since=${since}&until=${until}`);
    const ofCommand = await command<object>('audit', '--since', since, '--until', until);

    // The command adds the sum of what overflows; the console has it by table.
    const same = { auditedAt: null, estimatedBytes: null, overflow: null };
    expect({ ...ofConsole, ...same }).toEqual({ ...ofCommand, ...same });
  });

  it.each(['markup', 'numbers', 'rightToLeft', 'broken'] as const)(
    'are those of explain for the event %s, values included',
    async (name) => {
      interface Explanation {
        readonly messageId: string;
        readonly outcome: string;
        readonly table: string | null;
        readonly leaves: readonly object[];
        readonly deadLetters: readonly object[];
      }
      const ofConsole = await api<Explanation>(`/api/events/${ids[name]}?since=${SINCE}&values=true`);
      const ofCommand = await command<Explanation>('explain', ids[name], '--since', SINCE);

      const { messageId, outcome, table, leaves, deadLetters } = ofCommand;
      expect(ofConsole).toMatchObject({ messageId, outcome, table, leaves, deadLetters });
      expect(ofConsole.leaves).toHaveLength(leaves.length);
    },
  );

  it('are those of find', async () => {
    const withoutBytes = ({ estimatedBytes, ...found }: { readonly estimatedBytes: number }): object => {
      expect(estimatedBytes).toBe(0);
      return found;
    };
    const ofConsole = await api<{ estimatedBytes: number; messages: readonly object[] }>(
      `/api/events?value=broken&since=${SINCE}`,
    );
    expect(ofConsole.messages).toHaveLength(1);
    const ofCommand = await command<object>('find', 'broken', '--since', SINCE);

    expect(ofCommand).toMatchObject(withoutBytes(ofConsole));
  });

  it('are those of tables', async () => {
    const { tables } = await api<{ tables: readonly object[] }>('/api/tables');
    const ofCommand = await command<readonly object[]>('tables');

    expect(tables).toHaveLength(ofCommand.length);
    expect(tables).toMatchObject(ofCommand);
    expect(await api<object>('/api/tables/orders')).toMatchObject(await command<object>('tables', 'orders'));
  });

  it('are those of history', async () => {
    const { changes } = await api<{ changes: readonly HistoryRecord[] }>(
      '/api/timeline?table=orders&limit=500',
    );
    const named = changes.map(({ changeId, tableId, fromType, toType, messageId, changedAtMs, ...rest }) => ({
      ...rest,
      change_id: changeId,
      table: tableId,
      from_type: fromType,
      to_type: toType,
      message_id: messageId,
      changed_at: new Date(changedAtMs).toISOString(),
    }));

    expect(named).toEqual(await command<readonly object[]>('history', 'orders', '--limit', '500'));
  });

  it('are those of dead-letters', async () => {
    const groups = await api<readonly object[]>(`/api/dead-letters/groups?since=${SINCE}`);
    const { deadLetters } = await api<{ deadLetters: readonly object[] }>(
      `/api/dead-letters?since=${SINCE}&reason=NOT_JSON`,
    );

    expect(groups).toEqual(await command<readonly object[]>('dead-letters', 'groups', '--since', SINCE));
    expect(deadLetters).toEqual(
      await command<readonly object[]>('dead-letters', 'list', '--since', SINCE, '--reason', 'NOT_JSON'),
    );
  });

  it('of Now are the books and the groups of the same time', async () => {
    const now = await api<{ totals: object; concerns: readonly { kind: string }[] }>('/api/now');
    const { totals } = await command<{ totals: object }>('audit');
    const groups = await command<readonly object[]>('dead-letters', 'groups', '--since', '24h');

    expect(now.totals).toEqual(totals);
    expect(now.concerns.filter(({ kind }) => kind === 'dead-letters')).toHaveLength(groups.length);
  });

  it('of filled columns are counts of rows', async () => {
    const { rows, filled } = await api<{ rows: number; filled: Record<string, number> }>(
      '/api/tables/orders/fill',
    );
    const [counted] = await pipeline.query<Record<string, number>>(
      'SELECT COUNT(*) AS row_count, COUNTIF(order_id IS NOT NULL) AS ids FROM `prod_events_dataset.orders`',
    );

    expect([rows, filled['order_id'], filled['_overflow']]).toEqual([
      counted?.['row_count'],
      counted?.['ids'],
      0,
    ]);
  });
});

const HOSTILE_WORDS = ["'", '\u0000', '`; DROP TABLE x', '-1', '1e99', '🙂'.repeat(400), '../../etc/passwd'];

interface OpenApi {
  readonly paths: Record<string, { readonly get?: { readonly parameters?: readonly Parameter[] } }>;
  readonly components: {
    readonly schemas: Record<string, { readonly properties?: Record<string, object> }>;
  };
}
interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required?: boolean;
}

it('no parameter of any route makes the API fail', async () => {
  const { paths } = (await (await fetch(`${origin}/docs-json`)).json()) as OpenApi;
  const failures: string[] = [];
  for (const [path, { get }] of Object.entries(paths)) {
    const parameters = get?.parameters ?? [];
    for (const { name, in: place } of parameters) {
      for (const word of HOSTILE_WORDS) {
        const value = encodeURIComponent(word);
        const filled = path.replace(`{${name}}`, value).replace(/\{\w+\}/g, 'orders');
        // A short period keeps the queries small.
        const period =
          name !== 'since' && parameters.some((other) => other.name === 'since') ? '&since=1s' : '';
        const query = place === 'path' ? '' : `?${name}=${value}${period}`;
        const response = await fetch(`${origin}${filled}${query}`);
        if (response.status >= 500) failures.push(`${filled}${query}: ${await response.text()}`);
      }
    }
  }

  expect(failures).toEqual([]);
});

/** The class of the input of each action. */
const INPUTS: Readonly<Record<string, string>> = {
  replay: 'ReplayInput',
  dismiss: 'DismissInput',
  export: 'ExportInput',
  promote: 'PromoteInput',
  retype: 'RetypeInput',
  approve: 'DecideInput',
  reject: 'DecideInput',
  'deep-audit': 'DeepAuditInput',
  publish: 'EventsInput',
};
const HOSTILE_VALUES: readonly unknown[] = [
  '\u0000',
  "'; DROP TABLE x",
  '🙂'.repeat(400),
  -1,
  null,
  [[]],
  { a: 1 },
];

it('no choice of any action makes the API fail', async () => {
  const { components } = (await (await fetch(`${origin}/docs-json`)).json()) as OpenApi;
  const failures: string[] = [];
  const headers = { 'content-type': 'application/json' };
  for (const [kind, name] of Object.entries(INPUTS)) {
    const properties = Object.keys(components.schemas[name]?.properties ?? {});
    expect([kind, properties.length > 0]).toEqual([kind, true]);
    const plain = {
      since: '1s',
      table: 'orders',
      column: 'order_id',
      type: 'STRING',
      path: '/x',
      text: '{}',
      because: 'x',
      reason: 'x',
    };
    const base = Object.fromEntries(
      Object.entries(plain).filter(([property]) => properties.includes(property)),
    );
    for (const property of properties) {
      for (const value of HOSTILE_VALUES) {
        const body = JSON.stringify({ kind, input: { ...base, [property]: value } });
        const response = await fetch(`${origin}/api/actions/preview`, { method: 'POST', headers, body });
        if (response.status >= 500) failures.push(`${body}: ${await response.text()}`);
      }
    }
  }
  for (const body of ['', '{', '[]', 'null', '{"kind":"replay"}', '{"kind":"x","input":{}}', '{"token":1}']) {
    for (const path of ['/api/actions/preview', '/api/actions/run', '/api/plan']) {
      const response = await fetch(`${origin}${path}`, { method: 'POST', headers, body });
      if (response.status >= 500) failures.push(`${path} ${body}: ${await response.text()}`);
    }
  }

  expect(failures).toEqual([]);
});

/** The addresses of all screens, each in the state that shows most. */
const screens = (): Readonly<Record<string, string>> => ({
  now: '/',
  search: '/event?value=broken&since=1h',
  event: `/event/${ids.numbers}`,
  'event-markup': `/event/${ids.markup}`,
  'event-dead': `/event/${ids.broken}`,
  tables: '/tables',
  table: '/tables/scenario_type_flip',
  'table-missing': '/tables/order',
  timeline: '/timeline',
  'dead-letters': '/dead-letters?reason=NOT_JSON&since=24h',
  books: '/books',
  approvals: '/approvals',
  plan: '/plan',
  actions: '/actions',
});

/** Pictures for a person to look at; those of docs/CONSOLE.md are copies. */
const PICTURES = '.cache/console-pictures';

(HAS_BROWSER ? describe : describe.skip)('the page of the console in Chromium', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
    mkdirSync(PICTURES, { recursive: true });
  });

  afterAll(() => browser.close());

  it.each([
    ['light', undefined],
    ['dark', ['color-contrast']],
  ] as const)('shows every screen in the %s theme without a fault', async (colorScheme, rules) => {
    const { page, problems } = await openPage(browser, { origin, colorScheme });
    for (const [name, address] of Object.entries(screens())) {
      await visit(page, `${origin}${address}`);
      if (name.startsWith('event')) await page.getByRole('button', { name: 'Show values' }).click();
      if (name === 'event') await page.getByText(NUMBER_OF_40_DIGITS, { exact: true }).waitFor();
      if (name === 'books') await page.locator('.heat-cell').first().click();
      await settled(page);
      await page.screenshot({ path: `${PICTURES}/${name}-${colorScheme}.png` });
      expect([name, await violations(page, rules)]).toEqual([name, []]);
      const isWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
      expect([name, isWide]).toEqual([name, false]);
    }
    // The browser reports the answer 404 for a table that does not exist.
    expect(problems.filter((problem) => !problem.includes('404 (Not Found)'))).toEqual([]);
    await page.context().close();
  });

  it('shows what an event holds as text, whole or with its length, and never as code', async () => {
    const { page, problems } = await openPage(browser, { origin, colorScheme: 'light' });
    const shown = async (id: string): Promise<string> => {
      await visit(page, `${origin}/event/${id}`);
      const hidden = await page.locator('main').innerText();
      expect(hidden).not.toMatch(/\\u001b|\\u202e|aaaa|xxxx|9007199254740993/);
      await page.getByRole('button', { name: 'Show values' }).click();
      await page.getByText('Published as').waitFor();
      await page.getByRole('heading', { name: 'Bytes' }).waitFor();
      return page.locator('main').innerText();
    };

    const markup = await shown(ids.markup);
    expect(markup).toContain('<script>alert(1)</script>');
    expect(markup).toContain(String.raw`"<img src=x onerror=\"alert(1)\">"`);
    expect(markup).toContain(String.raw`"\u001b[31mred\u0007"`);
    const numbers = await shown(ids.numbers);
    for (const literal of [NUMBER_OF_40_DIGITS, '1e400', '0.10', '9007199254740993'])
      expect(numbers).toContain(literal);
    expect(await shown(ids.text)).toContain('9,000,002');
    expect(await shown(ids.rightToLeft)).toContain(String.raw`"\u202eabc שלום"`);

    expect(await page.locator('main script, main img').count()).toBe(0);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('finds an event by the keyboard alone', async () => {
    const { page } = await openPage(browser, { origin, colorScheme: 'light' });
    await visit(page, origin);
    await page.keyboard.press('/');
    await page.keyboard.type(ids.broken);
    await page.keyboard.press('Enter');

    await page.waitForURL(`${origin}/event/${ids.broken}`);
    await page.locator('.badge', { hasText: 'dead letter' }).waitFor();
    await page.context().close();
  });

  it('loads at most 130 kB of packed JavaScript for the first screen', async () => {
    const { page, scripts } = await openPage(browser, { origin, colorScheme: 'light' });
    await visit(page, origin);
    await page.locator('canvas').waitFor();
    const sizes = await Promise.all(
      [...new Set(scripts)].map(
        async (url) => gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length,
      ),
    );
    const total = sizes.reduce((sum, size) => sum + size, 0);

    expect(total).toBeGreaterThan(0);
    expect(total).toBeLessThanOrEqual(130_000);
    await page.context().close();
  });

  it('says what is wrong when the service does not answer, and goes on when it does again', async (): Promise<void> => {
    const watched: WatchedPage = await openPage(browser, { origin, colorScheme: 'light' });
    const { page } = watched;
    await page.route('**/api/tables', (route) =>
      route.fulfill({
        status: 400,
        contentType: 'application/json',
        body: JSON.stringify({ error: { code: 'INVALID', message: 'BigQuery: <b>no</b> such column' } }),
      }),
    );
    await page.goto(`${origin}/tables`);
    await page.getByText('BigQuery: <b>no</b> such column').waitFor();
    await page.unroute('**/api/tables');
    await page.getByRole('button', { name: 'Try again' }).click();

    await page.getByRole('link', { name: 'orders', exact: true }).waitFor();
    await page.context().close();
  });
});

const suite: ConsoleSuite = {
  pipeline: () => pipeline,
  origin: () => origin,
  viewerOrigin: () => viewerOrigin,
  command,
  brokenId: () => ids.broken,
  pictures: PICTURES,
};

describeActionApi(suite);
// Last, because they change what the figures above are of.
describeActionPages(suite);
