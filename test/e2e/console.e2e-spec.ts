import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { runPipeline } from './command-line.js';
import { describeActionApi, describeActionPages, type ConsoleSuite } from './console-actions.js';
import {
  cutOff,
  HAS_BROWSER,
  launchBrowser,
  openPage,
  settled,
  takePictures,
  tooNarrow,
  violations,
  visit,
  type WatchedPage,
} from './console-browser.js';
import { describeInFirefox } from './console-firefox.js';
import { describeSlowAnswers } from './console-slow-answers.js';
import { eventually } from './eventually.js';
import { Pipeline } from './pipeline.js';

/** The console of a whole pipeline, against the command line and in a real browser. */
let pipeline: Pipeline;
let origin: string;
let viewerOrigin: string;
let until: string;
/** The console that no page is open of until the actions are tested. */
let restingPid: number;
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
    pipeline.startConsole({
      CONSOLE_ROLE: 'admin',
      CONTRACTS_REPOSITORY: 'https://github.com/example/contracts',
    }),
    pipeline.startConsole(),
  ]);
  origin = console_.url;
  viewerOrigin = viewer.url;
  restingPid = viewer.pid;
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
  await writeLedger();
});

afterAll(() => pipeline.stop());

/** Two days of hours in the ledger, one of them with unaccounted messages, as the hourly audit writes them. */
async function writeLedger(): Promise<void> {
  const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000;
  const lines = Array.from({ length: 24 }, (_unused, index) => {
    const start = new Date(hour - (24 - index) * 3_600_000).toISOString();
    const unaccounted = index === 12 ? 40 : 0;
    return `(TIMESTAMP '${start}', TIMESTAMP '${start}', 'orders', ${200 + index * 5}, ${200 + index * 5 - unaccounted}, 0, 0, ${unaccounted}, 0, 0, TIMESTAMP '${start}', 'test')`;
  });
  await pipeline.query(
    `INSERT INTO \`prod_events_archive._ledger\` (span_start, span_end, table_name, received, row_count, dead_letters, in_progress, unaccounted, duplicates, unarchived, audited_at, actor) VALUES ${lines.join(', ')}`,
  );
}

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
      expect(estimatedBytes).toBeGreaterThan(0);
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
  'table-sample': '/tables/orders',
  'table-missing': '/tables/order',
  timeline: '/timeline',
  'timeline-change': '/timeline?since=24h',
  'dead-letters': '/dead-letters?reason=DUPLICATE_KEY&since=24h',
  books: '/books',
  approvals: '/approvals',
  plan: '/plan',
  actions: '/actions',
});

/** Pictures for a person to look at; those of docs/CONSOLE.md are copies. */
const PICTURES = '.cache/console-pictures';

(HAS_BROWSER ? describe : describe.skip)('the page of the console in Chromium', () => {
  let browser: Browser;
  let atRest: { readonly startMs: number; readonly startedAt: number };

  beforeAll(async () => {
    browser = await launchBrowser();
    atRest = { startMs: processorMs(restingPid), startedAt: performance.now() };
    mkdirSync(PICTURES, { recursive: true });
  });

  afterAll(() => browser.close());

  it('shows every screen in both themes without a fault', async () => {
    const { page, problems } = await openPage(browser, { origin, colorScheme: 'light' });
    for (const [name, address] of Object.entries(screens())) {
      await visit(page, `${origin}${address}`);
      if (name.startsWith('event')) {
        await page.getByRole('button', { name: 'Show values' }).click();
        await page.getByRole('heading', { name: 'Bytes' }).waitFor();
      }
      if (name === 'event') await page.getByText(NUMBER_OF_40_DIGITS, { exact: true }).waitFor();
      if (name === 'books') await page.locator('.heat-cell').first().click();
      if (name === 'books') await page.locator('.chart canvas').waitFor();
      if (name === 'now') await page.getByRole('heading', { name: 'This machine' }).waitFor();
      if (name === 'table-sample') await page.getByRole('button', { name: 'Show values' }).click();
      if (name === 'table-sample') await page.locator('.grid.sample').waitFor();
      if (name === 'timeline-change')
        await page
          .getByRole('button', { name: /^Show column added/ })
          .first()
          .click();
      if (name === 'dead-letters') await page.getByRole('button', { name: 'Show it with the place' }).click();
      if (name === 'dead-letters') await page.locator('mark').waitFor();
      await settled(page);
      await takePictures(page, `${PICTURES}/${name}`);
      expect([name, await violations(page), await cutOff(page), await tooNarrow(page)]).toEqual([
        name,
        [],
        [],
        [],
      ]);
      // Only colours differ.
      await page.emulateMedia({ colorScheme: 'dark' });
      expect([name, await violations(page, ['color-contrast'])]).toEqual([name, []]);
      await page.emulateMedia({ colorScheme: 'light' });
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

    const { table } = await api<{ table: string }>(`/api/events/${ids.markup}?since=${SINCE}`);
    await visit(page, `${origin}/tables/${table}`);
    expect(await page.locator('main').innerText()).not.toMatch(/\\u001b|aaaa/);
    await page.getByRole('button', { name: 'Show values' }).click();
    await page.locator('.grid.sample').waitFor();
    const cells = await page.locator('.grid.sample').innerText();
    expect(cells).toContain(String.raw`"<img src=x onerror=\"alert(1)\">"`);
    expect(cells).toContain(String.raw`"\u001b[31mred\u0007"`);

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

  it('lists the changes of one table also if the newest changes of all tables are cut off before them', async () => {
    const { page } = await openPage(browser, { origin, colorScheme: 'light' });
    await page.route(/\/api\/timeline\?since=7d&limit=\d+$/, (handled) =>
      handled.fulfill({ contentType: 'application/json', body: '{"total":5000,"changes":[]}' }),
    );
    await page.goto(`${origin}/timeline?table=orders`);

    await page.getByText('total_amount', { exact: true }).waitFor();
    await page.context().close();
  });

  it('follows one stream, polls without it, and stops while the page is hidden', async () => {
    const { page } = await openPage(browser, { origin, colorScheme: 'light' });
    const live = page.locator('.title .badge', { hasText: 'live' });
    const polling = page.locator('.title .badge', { hasText: 'polling' });
    await visit(page, origin);
    await live.waitFor();
    let asked = 0;
    page.on('request', (request) => (asked += request.url() === `${origin}/api/now` ? 1 : 0));
    const received = page.locator('.figure-value').first();
    const before = await received.innerText();
    await pipeline.publish({ event_type: 'followed' });
    await eventually(async () => {
      expect(await received.innerText()).not.toBe(before);
    });
    expect(asked).toBe(0);

    const setHidden = (hidden: boolean): Promise<unknown> =>
      page.evaluate(
        `Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true }); document.dispatchEvent(new Event('visibilitychange'));`,
      );
    await setHidden(true);
    await polling.waitFor();
    await setHidden(false);
    await live.waitFor();

    await page.route('**/api/now/stream', (route) => route.fulfill({ status: 503, body: '' }));
    await setHidden(true);
    await setHidden(false);
    await polling.waitFor();
    await eventually(() => {
      expect(asked).toBeGreaterThan(1);
      return Promise.resolve();
    });
    await page.context().close();
  });

  it('switches the faults of the local cloud', async () => {
    const { page, problems } = await openPage(browser, { origin, colorScheme: 'light' });
    const switches = async (): Promise<{ metadataLagMs: number; faults: readonly { method: string }[] }> =>
      (await (await fetch(`${pipeline.cloud.urls.bigquery}/admin`)).json()) as Awaited<
        ReturnType<typeof switches>
      >;
    await visit(page, origin);
    await page.getByText(new URL(pipeline.cloud.urls.storage).host).waitFor();
    await page.getByRole('button', { name: '10 s' }).click();
    await page.locator('.segments button[aria-pressed=true]', { hasText: '10 s' }).waitFor();
    await page.getByRole('button', { name: 'Slow appends by 2 s' }).click();
    await page.getByRole('list', { name: 'Faults in force' }).waitFor();
    const { metadataLagMs, faults } = await switches();
    expect([metadataLagMs, faults.map(({ method }) => method)]).toEqual([10_000, ['AppendRows']]);

    await page.getByRole('button', { name: 'End all faults' }).click();
    await page.getByText('No fault is in force.').waitFor();
    await page.getByRole('button', { name: 'no time' }).click();
    await page.locator('.segments button[aria-pressed=true]', { hasText: 'no time' }).waitFor();
    expect(await switches()).toMatchObject({ metadataLagMs: 0, faults: [] });
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('answers the questions of an operator in three clicks from Now', async () => {
    const { page } = await openPage(browser, { origin, colorScheme: 'light' });
    let clicks = 0;
    const click = async (...what: Parameters<typeof page.getByRole>): Promise<void> => {
      clicks++;
      await page
        .getByRole(...what)
        .first()
        .click();
    };
    const task = async (steps: () => Promise<void>): Promise<number> => {
      clicks = 0;
      await visit(page, origin);
      await steps();
      return clicks;
    };

    const isAllWell = await task(() => page.locator('.verdict.good').waitFor());
    const whereIsMyEvent = await task(async () => {
      await page.keyboard.press('/');
      await page.keyboard.type(ids.broken);
      await page.keyboard.press('Enter');
      await page.getByText('NOT_JSON').first().waitFor();
    });
    const whatDidTheReleaseChange = await task(async () => {
      await click('link', { name: 'Timeline' });
      await click('button', { name: '24 hours' });
      await click('button', { name: /^Show column added/ });
      await page.getByText('Before', { exact: true }).waitFor();
    });
    const whatIsThisDeadLetter = await task(async () => {
      await click('link', { name: /DUPLICATE_KEY/ });
      await click('button', { name: 'Show it with the place' });
      await page.locator('mark').waitFor();
    });
    const whatDoesThisTableHold = await task(async () => {
      await click('link', { name: 'orders' });
      await click('button', { name: 'Show values' });
      await page.locator('.grid.sample').waitFor();
    });

    expect({
      isAllWell,
      whereIsMyEvent,
      whatDidTheReleaseChange,
      whatIsThisDeadLetter,
      whatDoesThisTableHold,
    }).toEqual({
      isAllWell: 0,
      whereIsMyEvent: 0,
      whatDidTheReleaseChange: 3,
      whatIsThisDeadLetter: 2,
      whatDoesThisTableHold: 2,
    });
    await page.context().close();
  });

  it('answers at once with 2,000 tables and with a table of 5,000 columns', async () => {
    const { page } = await openPage(browser, { origin, colorScheme: 'light' });
    await fulfilJson(page, '**/api/tables', manyTables(2_000));
    await fulfilJson(page, '**/api/tables/wide', wideTable(5_000));
    const numbers: Record<string, number> = {};
    // Milliseconds from the start of the navigation to the frame with the first line, and with figures read since then.
    await page.addInitScript(`
      const look = () => {
        const verdict = document.querySelector('.verdict');
        if (verdict !== null) window.usefulAt ??= performance.now();
        if (verdict !== null && verdict.querySelector('time') === null) window.currentAt = performance.now();
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);`);
    await page.goto(origin);
    await page.locator('.verdict:not(:has(time))').waitFor();
    numbers['first screen'] = await page.evaluate<number>('window.usefulAt');
    numbers['first screen, current figures'] = await page.evaluate<number>(
      'new Promise((done) => requestAnimationFrame(() => done(window.currentAt)))',
    );

    await visit(page, `${origin}/tables`);
    await page.getByText('table_0000', { exact: true }).waitFor();
    numbers['2,000 tables, sort'] = await interaction(page, `document.querySelectorAll('.sort')[1].click()`);
    numbers['2,000 tables, filter'] = await interaction(page, typing('table_19'));
    expect(await page.locator('.panel h2').first().innerText()).toBe('100 tables');
    await visit(page, `${origin}/tables/wide`);
    const columns = page.locator('.table-scroll').filter({ hasText: 'column_0000' });
    await columns.waitFor();
    numbers['5,000 columns, scroll'] = await interaction(
      page,
      `[...document.querySelectorAll('.table-scroll')].find((part) => part.scrollHeight > 50000).scrollTop = 90000`,
    );
    numbers['5,000 columns, filter'] = await interaction(page, typing('column_49'));
    expect(await page.getByRole('heading', { name: 'Columns (100)' }).count()).toBe(1);

    writeFileSync(`${PICTURES}/numbers.json`, `${JSON.stringify(numbers, null, 2)}\n`);
    const {
      'first screen': firstScreen = Infinity,
      'first screen, current figures': current = Infinity,
      ...interactions
    } = numbers;
    // The aims are 1 s and 100 ms; this machine may be busy.
    expect(firstScreen).toBeLessThan(10_000);
    expect(current).toBeGreaterThanOrEqual(firstScreen);
    expect(Object.values(interactions).filter((ms) => ms > 1_000)).toEqual([]);
    await page.context().close();
  });

  it('says in every empty or failed state what to do, in both themes', async () => {
    const { page } = await openPage(browser, { origin, colorScheme: 'light' });
    const states: readonly (readonly [address: string, route: string, body: unknown, words: string])[] = [
      ['/tables', '**/api/tables', { columnBudget: 1, tables: [] }, 'There is no event table yet'],
      ['/dead-letters', '**/api/dead-letters/groups*', [], 'No dead letter in this period'],
      ['/timeline', '**/api/timeline*', { total: 0, changes: [] }, 'No schema change in this period'],
      ['/books', '**/api/books/ledger*', [], 'No audit wrote to the ledger in this period'],
      [
        '/tables/orders',
        '**/api/tables/orders/sample*',
        { columns: [], rows: [] },
        'No row in the last 24 hours.',
      ],
      ['/timeline', '**/api/timeline*', null, 'BigQuery: out of order'],
      ['/nowhere', '**/none', null, 'There is no such page'],
    ];
    for (const [address, route, body, words] of states) {
      await fulfilJson(page, route, body);
      await page.goto(`${origin}${address === '/nowhere' ? '/tables/orders/x/y' : address}`);
      if (address !== '/nowhere') {
        await page.getByText(words).first().waitFor();
        await settled(page);
        expect([words, await violations(page)]).toEqual([words, []]);
        await page.emulateMedia({ colorScheme: 'dark' });
        expect([words, await violations(page, ['color-contrast'])]).toEqual([words, []]);
        await page.emulateMedia({ colorScheme: 'light' });
      }
      await page.unroute(route);
    }
    await page.context().close();
  });

  it('takes at most 2 % of a core at rest', async () => {
    const { startMs, startedAt } = atRest;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, startedAt + REST_MS - performance.now())));
    // Processor time is spent by the process alone: a busy machine does not add to it.
    const share = (processorMs(restingPid) - startMs) / (performance.now() - startedAt);

    expect(share).toBeLessThanOrEqual(0.02);
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

describeInFirefox(
  () => origin,
  screens,
  () => ids.broken,
);
describeSlowAnswers(
  () => origin,
  () => ids.broken,
);
describeActionApi(suite);
// Last, because they change what the figures above are of.
describeActionPages(suite);

/** Shortest time at rest that is looked at. */
const REST_MS = 10_000;

/** Processor time of a process so far. */
function processorMs(pid: number): number {
  // Fields 14 and 15, user and system time in ticks of 10 ms; the name in parentheses may have spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Answers a route with JSON; with null, as a failure. */
async function fulfilJson(page: WatchedPage['page'], route: string, body: unknown): Promise<void> {
  const failure = { error: { code: 'INVALID', message: 'BigQuery: out of order' } };
  await page.route(route, (handled) =>
    handled.fulfill({
      status: body === null ? 400 : 200,
      contentType: 'application/json',
      body: JSON.stringify(body ?? failure),
    }),
  );
}

/** Milliseconds from an action in the page to the second frame after it. */
function interaction(page: WatchedPage['page'], action: string): Promise<number> {
  return page.evaluate<number>(
    `(async () => {
      const start = performance.now();
      ${action};
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      return performance.now() - start;
    })()`,
  );
}

/** Types into the filter of a screen as React sees it. */
function typing(text: string): string {
  return `const field = document.querySelector('main input[type=search]');
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, ${JSON.stringify(text)});
    field.dispatchEvent(new Event('input', { bubbles: true }))`;
}

const name = (kind: string, index: number): string => `${kind}_${String(index).padStart(4, '0')}`;

function manyTables(count: number): object {
  const at = new Date().toISOString();
  return {
    columnBudget: 5_000,
    tables: Array.from({ length: count }, (_unused, index) => ({
      table: name('table', index),
      columns: index,
      createdAt: at,
      rows: index * 17,
      overflowedRows: index % 5,
      lastPublishedAt: at,
      waiting: null,
      newColumns: 'evolve',
      typeChanges: 'approve',
      lastChange: { kind: 'ADD_COLUMN', path: name('column', index), changedAtMs: index, actor: 'test' },
    })),
  };
}

function wideTable(count: number): object {
  return {
    table: 'wide',
    closed: false,
    newColumns: 'approve',
    typeChanges: 'overflow',
    createdAt: new Date().toISOString(),
    columnBudget: 5_000,
    columns: Array.from({ length: count }, (_unused, index) => ({
      path: name('column', index),
      type: 'STRING',
      mode: 'NULLABLE',
      description: 'A column of the test',
      firstMessageId: String(index),
      addedAtMs: index,
    })),
    activity: [],
    overflow: [],
  };
}
