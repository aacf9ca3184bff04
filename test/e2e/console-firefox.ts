import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { findFirefox } from './find-firefox.js';

const FIREFOX = findFirefox();

/** A busy machine takes its time. */
const PATIENCE_MS = 120_000;

/** Writes down what the page's policy forbids. */
const WATCH_POLICY = `
  window.violations = [];
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    window.violations.push(violatedDirective + ' ' + blockedURI);
  });`;

/**
 * The screens in the Firefox that is installed, over WebDriver BiDi: each is rendered without an error, and the policy of the page is
 * in force. Playwright drives a build of its own only, so it cannot.
 */
export function describeInFirefox(
  origin: () => string,
  screens: () => Readonly<Record<string, string>>,
  brokenId: () => string,
): void {
  const isSkipped = 'skipped' in FIREFOX;
  const name = 'the page of the console in Firefox';
  (isSkipped ? describe.skip : describe)(isSkipped ? `${name}: skipped, ${FIREFOX.skipped}` : name, () => {
    let browser: Browser;
    let page: Page;
    const problems: string[] = [];

    beforeAll(async () => {
      browser = await puppeteer.launch({
        browser: 'firefox',
        headless: true,
        // Narrower than the Chromium of the other tests.
        defaultViewport: { width: 800, height: 600 },
        timeout: PATIENCE_MS,
        protocolTimeout: PATIENCE_MS,
        ...(isSkipped ? {} : { executablePath: FIREFOX.program }),
      });
      page = await browser.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      await page.evaluateOnNewDocument(WATCH_POLICY);
      page.on('console', (message) => {
        if (['error', 'warn'].includes(message.type())) problems.push(message.text());
      });
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('request', (request) => {
        if (!request.url().startsWith(`${origin()}/`)) problems.push(`request to ${request.url()}`);
      });
    });

    afterAll(() => browser.close());

    async function visit(address: string): Promise<void> {
      await page.goto(`${origin()}${address}`);
      await page.waitForSelector('main h1');
      await page.waitForFunction('document.querySelector(".skeleton") === null');
    }

    it('shows every screen without an error, and asks no other host for anything', async () => {
      const seen: Record<string, unknown> = {};
      for (const [screen, address] of Object.entries(screens())) {
        await visit(address);
        seen[screen] = await page.evaluate(`({
          forbidden: window.violations,
          isTooWide: document.documentElement.scrollWidth > innerWidth,
          alert: document.querySelector('[role=alert]')?.innerText ?? null,
        })`);
      }

      const right = { forbidden: [], isTooWide: false, alert: null };
      expect(seen).toEqual({
        ...Object.fromEntries(Object.keys(screens()).map((screen) => [screen, right])),
        'table-missing': { ...right, alert: expect.stringContaining('there is no event table order') },
      });
      expect(problems).toEqual([]);
    });

    it('runs no code that is written into the page', async () => {
      await visit('/');
      const ran = await page.evaluate(`
        (() => {
          try {
            const script = document.createElement('script');
            script.textContent = 'window.ran = true';
            document.body.append(script);
          } catch {}
          return window.ran ?? false;
        })()`);

      expect(ran).toBe(false);
    });

    it('finds an event by the keyboard', async () => {
      await visit('/');
      await page.keyboard.press('/');
      await page.keyboard.type(brokenId());
      await page.keyboard.press('Enter');

      await page.waitForFunction('document.querySelector("main .badge")?.innerText === "dead letter"');
      expect(page.url()).toBe(`${origin()}/event/${brokenId()}`);
    });
  });
}
