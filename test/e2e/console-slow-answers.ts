import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { HAS_BROWSER, launchBrowser, openPage, violations, visit } from './console-browser.js';

/** Answers a preview only after `release`. */
interface HeldPreviews {
  readonly asked: Promise<void>;
  release(): Promise<void>;
}

async function holdPreviews(page: Page): Promise<HeldPreviews> {
  const [asked, released] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const answers: Promise<void>[] = [];
  const route = '**/api/actions/preview';
  await page.route(route, (handled) => {
    asked.resolve(undefined);
    answers.push(released.promise.then(() => handled.continue()));
  });
  return {
    asked: asked.promise,
    release: async () => {
      released.resolve(undefined);
      await Promise.all(answers);
      await page.unroute(route);
    },
  };
}

/** A person who does something else while the console waits for an answer. */
export function describeSlowAnswers(origin: () => string, brokenId: () => string): void {
  (HAS_BROWSER ? describe : describe.skip)('the page of the console, while an answer is awaited', () => {
    let browser: Browser;
    let page: Page;
    let runs: number;

    beforeAll(async () => {
      browser = await launchBrowser();
      ({ page } = await openPage(browser, { origin: origin(), colorScheme: 'light' }));
      page.on('request', (request) => {
        if (request.url().endsWith('/api/actions/run')) runs++;
      });
      runs = 0;
    });

    afterAll(() => browser.close());

    const dialog = (): Locator => page.locator('dialog[open]');
    const confirmation = (): Locator => dialog().locator('button.button-main:enabled');
    const focused = (): Promise<string> =>
      page.evaluate<string>('document.activeElement.name || document.activeElement.innerText');

    async function edit(): Promise<Locator> {
      await visit(page, `${origin()}/event/${brokenId()}`);
      await page.getByRole('button', { name: 'Edit and replay' }).click();
      const content = dialog().getByLabel('Content of the event');
      await dialog().getByText('0 of 1 message would become rows today').waitFor();
      return content;
    }

    it('leaves the focus on a checkbox, whose second Space unchecks it and confirms nothing', async () => {
      const content = await edit();
      await content.fill('{"event_type":"mended","n":1}');
      await confirmation().waitFor();
      const force = dialog().getByRole('checkbox');
      await force.focus();
      const previewed = page.waitForResponse('**/api/actions/preview');
      await page.keyboard.press('Space');
      await previewed;
      await confirmation().waitFor();

      expect([await focused(), await force.isChecked()]).toEqual(['force', true]);
      await page.keyboard.press('Space');
      expect([await force.isChecked(), runs]).toEqual([false, 0]);
    });

    it('leaves the focus on Cancel, and Enter there cancels', async () => {
      const content = await edit();
      await content.fill('{"event_type":"mended","n":1}');
      const held = await holdPreviews(page);
      await page.keyboard.press('Control+Enter');
      await held.asked;
      await dialog().getByRole('button', { name: 'Cancel', exact: true }).focus();
      await held.release();
      await confirmation().waitFor();

      expect(await focused()).toBe('Cancel');
      await page.keyboard.press('Enter');
      await dialog().waitFor({ state: 'detached' });
      expect(runs).toBe(0);
    });

    it('gives the focus to the confirmation of a preview that was asked for', async () => {
      const content = await edit();
      await content.fill('{"event_type":"mended","n":1}');
      await page.keyboard.press('Control+Enter');
      await dialog().locator('button.button-main:focus').waitFor();

      expect(await focused()).toBe('Replay');
    });

    it('opens no editor over another screen, and names the message in its title', async () => {
      await edit();
      expect(await dialog().getByRole('heading').innerText()).toBe(`Edit and replay ${brokenId()}`);
      expect(await violations(page)).toEqual([]);

      await visit(page, `${origin()}/event/${brokenId()}`);
      const asked = Promise.withResolvers<undefined>();
      // Never answered: the page gives it up.
      await page.route('**/api/events/*values=true*', () => {
        asked.resolve(undefined);
      });
      const ended = page.waitForEvent('requestfailed', (request) => request.url().includes('values=true'));
      await page.getByRole('button', { name: 'Edit and replay' }).click();
      await asked.promise;
      await page.getByRole('link', { name: 'Tables', exact: true }).click();

      expect((await ended).failure()?.errorText).toBe('net::ERR_ABORTED');
      await page.locator('main h1', { hasText: 'Tables' }).waitFor();
      expect(await dialog().count()).toBe(0);
      await page.unroute('**/api/events/*values=true*');
    });

    it('says why approvals could not be read again, and tries once more', async () => {
      const route = '**/api/approvals*fresh=true*';
      await page.route(route, (handled) =>
        handled.fulfill({
          status: 400,
          contentType: 'application/json',
          body: JSON.stringify({ error: { code: 'INVALID', message: 'BigQuery: out of order' } }),
        }),
      );
      await visit(page, `${origin()}/approvals`);
      await page.getByRole('button', { name: 'Read again', exact: true }).click();
      await page.getByRole('alert').getByText('BigQuery: out of order').waitFor();
      expect(await violations(page)).toEqual([]);

      await page.unroute(route);
      await page.getByRole('alert').getByRole('button').click();
      await page.getByRole('alert').waitFor({ state: 'detached' });
    });
  });
}
