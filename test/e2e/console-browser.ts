import chromium from '@sparticuz/chromium';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium as playwright, type Browser, type Page } from 'playwright-core';

/** The browser of the npm package is built for Linux on x64. */
export const HAS_BROWSER = process.platform === 'linux' && process.arch === 'x64';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const PATIENCE_MS = 120_000;

export async function launchBrowser(): Promise<Browser> {
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--disable-gpu', '--hide-scrollbars'],
  });
}

/** A page and everything it did that it must not do. */
export interface WatchedPage {
  readonly page: Page;
  /** Console errors, exceptions, dialogs, requests to other hosts. */
  readonly problems: string[];
  /** URLs of the scripts it loaded. */
  readonly scripts: string[];
}

/** Opens a page that writes down its problems. */
export async function openPage(
  browser: Browser,
  { origin, colorScheme }: { readonly origin: string; readonly colorScheme: 'light' | 'dark' },
): Promise<WatchedPage> {
  const context = await browser.newContext({
    colorScheme,
    locale: 'en-US',
    viewport: { width: 1360, height: 900 },
  });
  // A busy machine takes its time.
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const problems: string[] = [];
  const scripts: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) problems.push(`request to ${request.url()}`);
    if (request.resourceType() === 'script') scripts.push(request.url());
  });
  return { page, problems, scripts };
}

/** Opens an address and waits until nothing on the page waits for an answer. */
export async function visit(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator('main h1').waitFor();
  await settled(page);
}

export async function settled(page: Page): Promise<void> {
  await page.locator('.skeleton').first().waitFor({ state: 'detached' });
}

/** Names of themes. */
export const THEMES = ['light', 'dark'] as const;

/** Takes a picture of the page in each theme, for a person to look at. The page is light again after it. */
export async function takePictures(page: Page, path: string): Promise<void> {
  for (const colorScheme of [...THEMES].reverse()) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${path}-${colorScheme}.png` });
  }
}

/** Widths of windows in which a page scrolls sideways. */
export async function tooNarrow(page: Page): Promise<number[]> {
  const { width = 0, height = 0 } = page.viewportSize() ?? {};
  const narrow: number[] = [];
  for (const tried of [width, 800, 400]) {
    await page.setViewportSize({ width: tried, height });
    if (await page.evaluate('document.documentElement.scrollWidth > innerWidth')) narrow.push(tried);
  }
  await page.setViewportSize({ width, height });
  return narrow;
}

/** Heads that cannot be read, and buttons that are cut off by their cell. */
export async function cutOff(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`
    [...document.querySelectorAll('.grid th, .grid td')]
      .filter((cell) => cell.clientWidth < 48 || ((cell.scope === 'col' || cell.querySelector('button:not(.sort)') !== null) && cell.scrollWidth > cell.clientWidth))
      .filter((cell) => cell.parentElement.className !== 'spacer')
      .map((cell) => cell.innerText)`);
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** Rules of accessibility that a page breaks, by axe-core in a world of its own: the page's policy allows no foreign code. */
export async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send('Page.getFrameTree');
  const { executionContextId: contextId } = await session.send('Page.createIsolatedWorld', {
    frameId: frameTree.frame.id,
    worldName: 'axe',
  });
  // The world of a document stays, and axe in it.
  const { result: known } = await session.send('Runtime.evaluate', { expression: 'typeof axe', contextId });
  if (known.value === 'undefined') await session.send('Runtime.evaluate', { expression: AXE, contextId });
  const options = rules === undefined ? {} : { runOnly: rules };
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => JSON.stringify(violations))`,
    contextId,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  const found = JSON.parse(String(result.value)) as readonly Violation[];
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
}
