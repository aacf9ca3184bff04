import { describe, expect, it } from '@jest/globals';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const PAGES = globSync('**/*.md', {
  cwd: ROOT,
  exclude: (path) => /(^|\/)(node_modules|dist|target|\.cache|\.terraform)$/.test(path),
}).sort();

/** GitHub's anchor of a heading: lower case, without punctuation, spaces as hyphens. */
const toAnchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');

function withoutCode(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8')
    .replaceAll(/^( *)```[\s\S]*?^\1```/gm, '')
    .replaceAll(/`[^`\n]*`/g, (code) => (code.includes('](') ? '' : code));
}

const anchorsOf = (page: string): string[] =>
  [...withoutCode(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => toAnchor(heading));

/** The links of a page to places of this repository, as `path#anchor` relative to the page. */
const linksOf = (page: string): string[] =>
  [...withoutCode(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));

function isDead(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(ROOT, target))) return true;
  return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor);
}

describe('links between pages', () => {
  it('lead to files and headings that exist', () => {
    const dead = PAGES.flatMap((page) =>
      linksOf(page)
        .filter((link) => isDead(page, link))
        .map((link) => `${page}: ${link}`),
    );

    expect(dead).toEqual([]);
    expect(PAGES.length).toBeGreaterThan(30);
  });
});
