/**
 * Checks the voice of all prose and names in the repository (docs/CONVENTIONS.md, "Voice"). Prints one line per fault,
 * `path:line: message`, and exits with 1 when there is one. Arguments limit the check to paths that begin with one of them.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findVoiceFaults } from './find-voice-faults.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const CHECKED = /\.(ts|tsx|mjs|java|sh|tf|md|ya?ml|Dockerfile)$/;
/** The check and the rule quote the words they forbid; the changelog keeps what earlier releases said. */
const EXCLUDED = [/^tools\/voice\//, /^docs\/CONVENTIONS\.md$/, /^test\/contracts\//, /^CHANGELOG\.md$/];

const prefixes = process.argv.slice(2);
const paths = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => CHECKED.test(path) && !EXCLUDED.some((excluded) => excluded.test(path)))
  .filter((path) => prefixes.length === 0 || prefixes.some((prefix) => path.startsWith(prefix)))
  .filter((path) => existsSync(`${root}/${path}`));

let count = 0;
for (const path of paths) {
  for (const { line, message } of findVoiceFaults(readFileSync(`${root}/${path}`, 'utf8'))) {
    console.log(`${path}:${line}: ${message}`);
    count += 1;
  }
}
if (count > 0) {
  console.error(`\n${count} voice faults; the rules are in docs/CONVENTIONS.md, "Voice".`);
  process.exit(1);
}
