import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import {
  cutOff,
  HAS_BROWSER,
  launchBrowser,
  openPage,
  takePictures,
  violations,
  visit,
} from './console-browser.js';
import { publishDeadLetters } from './dead-letters.js';
import { eventually } from './eventually.js';
import type { Pipeline } from './pipeline.js';

/** A console whose caller is admin, one whose caller is viewer, and the command line, over one pipeline. */
export interface ConsoleSuite {
  readonly pipeline: () => Pipeline;
  readonly origin: () => string;
  readonly viewerOrigin: () => string;
  readonly command: <Answer>(...words: readonly string[]) => Promise<Answer>;
  /** A message that became a dead letter because it is no JSON. */
  readonly brokenId: () => string;
  readonly pictures: string;
}

/** Every action with choices that its preview accepts. */
const ACTIONS: Readonly<Record<string, object>> = {
  replay: { since: '1h' },
  dismiss: { since: '1h', because: 'a test' },
  export: { since: '1h' },
  promote: { table: 'orders' },
  retype: { table: 'orders', column: 'order_id', type: 'STRING' },
  approve: { table: 'orders', path: '/nothing' },
  reject: { table: 'orders', path: '/nothing', reason: 'a test' },
  'deep-audit': { since: '1h' },
  publish: { text: '{"event_type":"order"}' },
};

interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

interface Failure {
  readonly error?: { readonly code: string };
}

interface Preview<Figures> extends Failure {
  readonly token: string;
  readonly figures: Figures;
}

interface Logged {
  readonly kind: string;
  readonly actor: string;
  readonly outcome: string | null;
  readonly input: string;
}

async function post<Body>(url: string, body: unknown, headers: object = {}): Promise<Answer<Body>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Body };
}

/** A busy machine is the norm. */
const PATIENCE_MS = 150_000;

/** Counts the events of a table that meet a condition. */
async function rowsWhere(pipeline: Pipeline, table: string, condition: string): Promise<number> {
  const [row] = await pipeline.query<{ readonly count: number }>(
    `SELECT COUNT(DISTINCT _message_id) AS count FROM \`prod_events_dataset.${table}\` WHERE ${condition}`,
  );
  return row?.count ?? 0;
}

/** An event that was published a minute ago, and quarantined because its type waits for an approval. */
async function holdEvent(pipeline: Pipeline, type: string, event: object): Promise<void> {
  const id = `held-${randomUUID()}`;
  const publishedAt = `TIMESTAMP '${new Date(Date.now() - 60_000).toISOString()}'`;
  const data = `FROM_BASE64('${Buffer.from(JSON.stringify(event)).toString('base64')}')`;
  await pipeline.query(
    `INSERT INTO \`prod_events_archive._raw_events\` (subscription_name, message_id, publish_time, data, attributes) VALUES ('s', '${id}', ${publishedAt}, ${data}, JSON '{}')`,
  );
  await pipeline.query(
    `INSERT INTO \`prod_events_dataset._quarantine\` (message_id, publish_time, event_type, table_name, reason, data, attributes, quarantined_at) VALUES ('${id}', ${publishedAt}, '${type}', '${type}', 'AWAITING_APPROVAL', ${data}, JSON '{}', CURRENT_TIMESTAMP())`,
  );
}

/** Roles, requests from elsewhere, and figures of previews. */
export function describeActionApi({ pipeline, origin, viewerOrigin, command, brokenId }: ConsoleSuite): void {
  describe('the actions of the console', () => {
    it.each(Object.entries(ACTIONS))('refuse a viewer: %s', async (kind, input) => {
      const { status, body } = await post<Failure>(`${viewerOrigin()}/api/actions/preview`, { kind, input });

      expect([status, body.error?.code]).toEqual([403, 'ROLE_MISSING']);
    });

    it('refuse pages of other sites, forms, and tokens of no preview', async () => {
      const body = { kind: 'export', input: { since: '1h' } };
      const preview = `${origin()}/api/actions/preview`;
      const refusals = await Promise.all([
        post<Failure>(preview, body, { 'sec-fetch-site': 'cross-site' }),
        post<Failure>(preview, body, { origin: 'https://evil.example' }),
        post<Failure>(preview, 'kind=export', { 'content-type': 'application/x-www-form-urlencoded' }),
        post<Failure>(`${origin()}/api/actions/run`, { token: 'guessed' }),
      ]);

      expect(refusals.map(({ status }) => status)).toEqual([403, 403, 403, 409]);
    });

    it('show the figures of the dry runs of the commands', async () => {
      const preview = async (kind: string, input: object): Promise<object> =>
        (await post<Preview<object>>(`${origin()}/api/actions/preview`, { kind, input })).body.figures;

      expect(await preview('replay', { since: '2h', reason: 'NOT_JSON' })).toEqual(
        await command('replay', '--since', '2h', '--reason', 'NOT_JSON', '--dry-run'),
      );
      const retyped = await preview('retype', { table: 'numbers', column: 'unsafe', type: 'NUMERIC' });
      const { run, ...ofCommand } = await command<{ readonly run: object }>(
        'retype',
        'numbers',
        'unsafe',
        'NUMERIC',
        '--dry-run',
      );
      expect(retyped).toMatchObject(ofCommand);
      expect(run).toBeDefined();
      const ids = await preview('dismiss', { since: '2h', reason: 'NOT_JSON', because: 'x' });
      expect(ids).toMatchObject({ messageIds: expect.arrayContaining([brokenId()]) as unknown });
    });

    it('plan events as the command does', async () => {
      const text = '{"event_type":"order","order_id":7}\n{"event_type":"planned","a":{"b":1.5}}\n{"broken"\n';
      const file = join(tmpdir(), `plan-${process.pid}.ndjson`);
      writeFileSync(file, text);

      expect((await post<object>(`${viewerOrigin()}/api/plan`, { text })).body).toEqual(
        await command('plan', file),
      );
      expect(await pipeline().query('SELECT 1 AS one')).toHaveLength(1);
    });
  });
}

/** Each action by a person in a browser. */
export function describeActionPages(suite: ConsoleSuite): void {
  (HAS_BROWSER ? describe : describe.skip)('a person with the console in Chromium', () => {
    let browser: Browser;
    let page: Page;
    let problems: string[];

    beforeAll(async () => {
      browser = await launchBrowser();
      ({ page, problems } = await openPage(browser, { origin: suite.origin(), colorScheme: 'light' }));
      page.setDefaultTimeout(PATIENCE_MS);
    });

    afterAll(() => browser.close());

    const dialog = (): ReturnType<Page['locator']> => page.locator('dialog[open]');
    const press = (name: string): Promise<void> =>
      dialog().getByRole('button', { name, exact: true }).click();

    const main = (): Locator => page.locator('main');
    /** Waits for the outcome and closes the dialog. @returns its words */
    async function outcomeOf(): Promise<string> {
      await dialog().getByRole('button', { name: 'Close', exact: true }).waitFor();
      const outcome = await dialog().innerText();
      expect(await violations(page)).toEqual([]);
      await press('Close');
      return outcome;
    }

    /**
     * Opens an action, and confirms its preview by the keyboard: without choices to make the preview comes at once, else after
     * Ctrl+Enter; the confirmation has the focus.
     *
     * @returns the words of preview and outcome
     */
    async function act(
      button: string,
      confirm: string,
      choices: Readonly<Record<string, string>> = {},
    ): Promise<readonly [string, string]> {
      await main().getByRole('button', { name: button, exact: true }).first().click();
      for (const [label, value] of Object.entries(choices)) await dialog().getByLabel(label).fill(value);
      if (Object.keys(choices).length > 0) await page.keyboard.press('Control+Enter');
      await dialog().locator('button:focus', { hasText: confirm }).waitFor();
      const preview = await dialog().innerText();
      await takePictures(page, `${suite.pictures}/action-${button.toLowerCase().replaceAll(' ', '-')}`);
      await page.keyboard.press('Enter');
      return [preview, await outcomeOf()];
    }

    /** Runs a task that begins on Now. @returns its clicks, counted */
    async function clicksOf(
      steps: (click: (what: Locator) => Promise<void>) => Promise<void>,
    ): Promise<number> {
      let clicks = 0;
      await visit(page, suite.origin());
      await steps(async (what) => {
        clicks++;
        await what.first().click();
      });
      return clicks;
    }

    it('replays the dead letters that would be rows today', async () => {
      const pipeline = suite.pipeline();
      await publishDeadLetters(pipeline, {
        table: 'revived',
        eventType: 'revived',
        data: [
          '{"event_type":"revived","n":1}',
          '{"event_type":"revived","n":2}',
          '{"event_type":"revived",',
        ],
      });
      const address = `${suite.origin()}/dead-letters?table=revived&since=1h`;
      await eventually(async () => {
        await visit(page, address);
        expect(await page.locator('main').innerText()).toContain('revived');
      });

      const [preview, outcome] = await act('Replay', 'Replay');

      expect(preview).toContain('2 of 3 messages would become rows today');
      expect(outcome).toContain('2 messages published');
      await eventually(async () => {
        expect(await rowsWhere(pipeline, 'revived', 'n IN (1, 2)')).toBe(2);
      });
    });

    it('exports them as the command does, and dismisses the rest', async () => {
      const download = page.waitForEvent('download');
      await visit(page, `${suite.origin()}/dead-letters?reason=NOT_JSON&since=1h`);
      await act('Export', 'Export');
      const lines = readFileSync(await (await download).path(), 'utf8')
        .trim()
        .split('\n');
      expect(lines.map((line) => (JSON.parse(line) as { message_id: string }).message_id)).toContain(
        suite.brokenId(),
      );

      await visit(page, `${suite.origin()}/dead-letters?table=revived&since=1h`);
      const [preview, outcome] = await act('Dismiss', 'Dismiss', { 'Reason, for the next reader': 'a test' });
      expect(preview).toContain('3 messages would be marked as dismissed');
      expect(outcome).toContain('3 messages marked');
    });

    it('mends one dead letter and replays it in three clicks from Now, and every digit stays', async () => {
      const clicks = await clicksOf(async (click) => {
        await click(main().getByRole('link', { name: /NOT_JSON/ }));
        await click(main().getByRole('button', { name: 'Edit and replay' }));
        const content = dialog().getByLabel('Content of the event');
        const replay = dialog().getByRole('button', { name: 'Replay', exact: true });
        await dialog().getByText('0 of 1 message would become rows today').waitFor();
        expect([await content.inputValue(), await replay.isDisabled()]).toEqual([
          '{"event_type":"broken",',
          true,
        ]);
        await content.fill('{"event_type":"mended","amount":12345678901234567890.10}');
        // The preview follows what is typed; the field keeps the focus.
        await dialog().getByText('1 of 1 message would become a row today').waitFor();
        expect(await content.evaluate('document.activeElement?.tagName')).toBe('TEXTAREA');
        expect(await violations(page)).toEqual([]);
        await takePictures(page, `${suite.pictures}/action-edit-and-replay`);
        await click(replay);
        expect(await outcomeOf()).toContain('1 message published');
      });

      expect(clicks).toBe(3);
      await eventually(async () => {
        expect(await rowsWhere(suite.pipeline(), 'mended', 'amount = NUMERIC "12345678901234567890.1"')).toBe(
          1,
        );
      });
    });

    it('plans events and publishes them', async () => {
      await visit(page, `${suite.origin()}/plan`);
      await page
        .getByLabel('Events: one JSON object')
        .fill('[{"event_type":"pasted","n":1},{"event_type":"pasted","n":2}]');
      await page.getByRole('button', { name: 'Show the plan' }).click();
      await page.getByText('would be created').waitFor();
      expect([await cutOff(page), await violations(page)]).toEqual([[], []]);
      await takePictures(page, `${suite.pictures}/plan`);

      const [, outcome] = await act('Publish', 'Publish');

      expect(outcome).toContain('2 events published');
      await eventually(async () => {
        expect(await rowsWhere(suite.pipeline(), 'pasted', 'n IN (1, 2)')).toBe(2);
      });
    });

    it('approves a change in three clicks from Now, and rejects another with a reason', async () => {
      const pipeline = suite.pipeline();
      await pipeline.labelTable('pasted', { pipeline_new_columns: 'approve' });
      await pipeline.publish({ event_type: 'pasted', n: 3, discount: 1.5, debug: 'x' });
      await eventually(async () => {
        await visit(page, `${suite.origin()}/approvals`);
        expect(await page.locator('main').innerText()).toContain('2 changes wait');
      });
      const { approvals } = await suite.command<{ approvals: readonly object[] }>('contracts', 'pending');
      const ofConsole = await fetch(`${suite.origin()}/api/approvals`);
      expect(((await ofConsole.json()) as { approvals: readonly object[] }).approvals).toEqual(approvals);
      await takePictures(page, `${suite.pictures}/approvals`);
      expect([await cutOff(page), await violations(page)]).toEqual([[], []]);
      await page.getByRole('columnheader', { name: 'Path' }).getByRole('button').click();

      // Sorted by path: /debug comes first.
      const [, rejected] = await act('Reject', 'Reject', { 'Reason, for the history': 'debug output' });
      expect(rejected).toContain('Rejected: 1 value stays in _overflow');
      await page.locator('main').getByText('/debug', { exact: true }).waitFor({ state: 'detached' });

      const clicks = await clicksOf(async (click) => {
        await click(main().getByRole('link', { name: /1 value waits for an approval.*\/discount/ }));
        await click(main().getByRole('button', { name: 'Approve', exact: true }));
        await dialog().getByText('A column for /discount would be added').waitFor();
        expect(await violations(page)).toEqual([]);
        await takePictures(page, `${suite.pictures}/action-approve`);
        await click(dialog().getByRole('button', { name: 'Approve', exact: true }));
        expect(await outcomeOf()).toContain('Approved: discount');
      });

      expect(clicks).toBe(3);
      await main().getByText('This change does not wait (any more)').waitFor();
      await eventually(async () => {
        await visit(page, suite.origin());
        expect(
          await main()
            .getByRole('link', { name: /an approval/ })
            .count(),
        ).toBe(0);
      });
      await eventually(async () => {
        expect(await rowsWhere(pipeline, 'pasted', 'discount IS NOT NULL')).toBe(1);
      });
    });

    it('links a change to its pull request if CONTRACTS_REPOSITORY is set, and not without', async () => {
      const pipeline = suite.pipeline();
      await pipeline.publish({ event_type: 'pasted', coupon: 'x' });
      const hrefs = async (open: Page, origin: string): Promise<(string | null)[]> => {
        await visit(open, `${origin}/approvals?table=pasted&path=%2Fcoupon`);
        await open.getByText('1 change waits').waitFor({ timeout: 5_000 });
        const links = await open.getByRole('link', { name: 'Pull request' }).all();
        return Promise.all(links.map((link) => link.getAttribute('href')));
      };

      await eventually(async () => {
        expect(await hrefs(page, suite.origin())).toEqual([
          'https://github.com/example/contracts/pulls?q=is%3Apr+head%3Acontracts%2Fpasted',
        ]);
      });
      const without = await openPage(browser, { origin: suite.viewerOrigin(), colorScheme: 'light' });
      expect([await hrefs(without.page, suite.viewerOrigin()), without.problems]).toEqual([[], []]);
      await without.page.context().close();
    });

    it('approves an event type: its table is created, and its quarantined event becomes a row', async () => {
      const pipeline = suite.pipeline();
      await holdEvent(pipeline, 'held', { event_type: 'held', n: 1 });
      const { approvals } = await suite.command<{ approvals: readonly { table: string }[] }>(
        'contracts',
        'pending',
      );
      const ofConsole = await fetch(`${suite.origin()}/api/approvals?fresh=true`);
      expect(approvals[0]).toMatchObject({ table: 'held', kind: 'type', values: 1 });
      expect(((await ofConsole.json()) as { approvals: readonly object[] }).approvals).toEqual(approvals);

      await visit(page, `${suite.origin()}/approvals?table=held`);
      const [preview, approved] = await act('Approve', 'Approve');

      expect(preview).toContain(
        'The table held would be created for the event type held, and 1 event replayed',
      );
      expect(approved).toContain('The table held exists. 1 event replayed, 0 without a row yet.');
      expect(await rowsWhere(pipeline, 'held', 'n = 1')).toBe(1);
    });

    it('retypes a column, and finds no altered value by a deep audit of the hour', async () => {
      await visit(page, `${suite.origin()}/tables/pasted`);
      const [preview, outcome] = await act('Retype a column', 'Retype a column', {
        'Column, or a field by its path': 'n',
        Type: 'NUMERIC',
      });
      expect(preview).toContain('n would be retired and n__v2 would take its place: 3 values would move');
      expect(outcome).toContain('3 values moved');

      await visit(page, `${suite.origin()}/books`);
      await page.locator('.heat-cell').first().click();
      const [, audited] = await act('Deep audit', 'Deep audit');
      expect(audited).toContain('each as it was published');
    });

    it('finds each action in the log, with who did it and how it ended', async () => {
      const response = await fetch(`${suite.origin()}/api/actions?since=1h`);
      const logged = (await response.json()) as readonly Logged[];
      await visit(page, `${suite.origin()}/actions`);
      await takePictures(page, `${suite.pictures}/actions`);

      expect(logged.map(({ kind, outcome }) => `${kind} ${outcome ?? ''}`).reverse()).toEqual([
        'replay completed',
        'export completed',
        'dismiss completed',
        'replay completed',
        'publish completed',
        'reject completed',
        'approve completed',
        'approve completed',
        'retype completed',
        'deep-audit completed',
      ]);
      expect(logged.every(({ actor }) => /^console@\S+ \(.+\)$/.test(actor))).toBe(true);
      expect(await violations(page)).toEqual([]);
      expect(problems).toEqual([]);
    });

    it('as a viewer sees actions as buttons that say which role they need', async () => {
      await visit(page, `${suite.viewerOrigin()}/dead-letters?reason=NOT_JSON&since=1h`);
      const replay = page.locator('main').getByRole('button', { name: 'Replay', exact: true });

      await replay.waitFor();
      await expect(replay.isDisabled()).resolves.toBe(true);
      await eventually(async () => {
        expect(await replay.getAttribute('title')).toBe('This needs the role operator; yours is viewer.');
      });
    });
  });
}
