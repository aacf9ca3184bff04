import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.js';

/** Package of PyPI that carries Google's discovery documents. */
const PACKAGE = 'google-api-python-client==2.202.0';
const CACHE = join(ROOT, '.cache/discovery');
const WANTED = [
  'artifactregistry.v1',
  'bigquery.v2',
  'cloudresourcemanager.v1',
  'cloudscheduler.v1',
  'compute.v1',
  'dataflow.v1b3',
  'eventarc.v1',
  'iam.v1',
  'logging.v2',
  'monitoring.v1',
  'monitoring.v3',
  'pubsub.v1',
  'run.v2',
  'serviceusage.v1',
  'serviceusage.v1beta1',
  'storage.v1',
];

/**
 * Folder of Google's discovery documents, fetched once and kept in `.cache`; null where they are not to be had.
 *
 * They come from a package of PyPI, by pip; they are not in the repository.
 */
export function fetchDocuments(): string | null {
  if (existsSync(join(CACHE, 'pubsub.v1.json'))) return CACHE;
  const folder = join(ROOT, '.cache/discovery-download');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const fetched = spawnSync('pip', ['download', '--quiet', '--no-deps', '--dest', folder, PACKAGE]);
  const [wheel] = globSync('*.whl', { cwd: folder });
  if (fetched.status !== 0 || wheel === undefined) return null;
  const script = [
    'import sys, zipfile',
    'archive = zipfile.ZipFile(sys.argv[1])',
    'names = {n.rsplit("/", 1)[-1]: n for n in archive.namelist() if "/discovery_cache/documents/" in n}',
    'for name in sys.argv[3:]:',
    '  open(sys.argv[2] + "/" + name + ".json", "wb").write(archive.read(names[name + ".json"]))',
  ].join('\n');
  execFileSync('python3', ['-c', script, join(folder, wheel), folder, ...WANTED]);
  rmSync(join(folder, wheel));
  rmSync(CACHE, { recursive: true, force: true });
  renameSync(folder, CACHE);
  return CACHE;
}
