import { posix } from 'node:path';

/**
 * Folders of a library in dependency order, the lowest first: a file may import from its own room and from rooms before
 * it. Files beside the rooms (index.ts, specs of the whole library) may import all of them and are imported by none.
 */
export const ROOMS = {
  'libs/schema-inference/src': ['values', 'schema', 'decode', 'fit', 'plan'],
  'libs/bigquery-tables/src': ['rows', 'schema-changes', 'history', 'plan-report', 'promotion', 'approval'],
  'libs/local-cloud/src/storage': ['state', 'buckets', 'objects', 'uploads', 'http'],
};

const TEST_FILE = /\.(spec|int-spec|e2e-spec|contract|fake|builder)\.ts$/;

/**
 * Returns the rooms that one import connects, or null if it stays in a room or concerns no room. Paths are relative to the
 * repository. `isUpward` is true if the import breaks the order. Test files may import anything.
 */
export function roomEdge(filePath, source) {
  if (!source.startsWith('.') || TEST_FILE.test(filePath)) return null;
  const target = posix.join(posix.dirname(filePath), source);
  for (const [root, rooms] of Object.entries(ROOMS)) {
    const from = roomOf(root, rooms, filePath);
    const to = roomOf(root, rooms, target);
    if (from === null || to === null || from === to || from === BESIDE) continue;
    return { root, from, to, isUpward: to === BESIDE || rooms.indexOf(to) > rooms.indexOf(from) };
  }
  return null;
}

/** A file of the library that is in no room. */
const BESIDE = '.';

function roomOf(root, rooms, path) {
  if (!path.startsWith(`${root}/`)) return null;
  const [folder] = path.slice(root.length + 1).split('/');
  return rooms.includes(folder) ? folder : BESIDE;
}
