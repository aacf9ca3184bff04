/**
 * `npm run check:rooms`: prints the imports between the rooms of each library, type-only ones included. Exit code 1 if an
 * import points upward or a declared room does not exist. Without an upward import there is no cycle of rooms.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import ts from 'typescript';
import { roomEdge, ROOMS } from './rooms.mjs';

const repository = join(import.meta.dirname, '../..');

/** Every import of a library between rooms: `{ filePath, source, from, to, isUpward }`. */
function edgesOf(root) {
  const files = globSync(`${root}/**/*.ts`, { cwd: repository }).map((path) => path.split(sep).join('/'));
  return files.sort().flatMap((filePath) => {
    const { importedFiles } = ts.preProcessFile(readFileSync(join(repository, filePath), 'utf8'));
    return importedFiles.flatMap(({ fileName: source }) => {
      const edge = roomEdge(filePath, source);
      return edge === null ? [] : [{ filePath, source, ...edge }];
    });
  });
}

let failures = 0;
for (const [root, rooms] of Object.entries(ROOMS)) {
  const edges = edgesOf(root);
  console.log(`${root}: ${rooms.join(' ← ')}`);
  for (const from of rooms) {
    const targets = [...rooms, '.'].filter((to) =>
      edges.some((edge) => edge.from === from && edge.to === to),
    );
    const counts = targets.map((to) => {
      const count = edges.filter((edge) => edge.from === from && edge.to === to).length;
      return `${to === '.' ? 'files beside the rooms' : to} (${count})`;
    });
    console.log(`  ${from.padEnd(16)} → ${counts.join(', ') || 'nothing'}`);
    if (!existsSync(join(repository, root, from))) {
      failures++;
      console.error(`  MISSING ${root}/${from}`);
    }
  }
  for (const { filePath, source } of edges.filter(({ isUpward }) => isUpward)) {
    failures++;
    console.error(`  UPWARD  ${filePath} imports ${source}`);
  }
}
console.log(failures === 0 ? 'No upward import.' : `${failures} failures.`);
process.exitCode = failures === 0 ? 0 : 1;
