/**
 * Reads and writes the records of deployments: one JSON object per record, so that it is replaced whole or not at all.
 *
 * Shape: `{version, commit, values: {images, template_path}, files: {"prod.tfvars": "…", "prod.local.tfvars": "…"}}`.
 * `files` are the settings that were applied with the values, so that a rollback restores the configuration as well.
 *
 *   next CURRENT CHANGE VERSION COMMIT FOLDER ENVIRONMENT   prints the record of a change, with the settings in FOLDER
 *   unpack RECORD FOLDER                                    writes settings and values; prints their paths, in order
 *   target CURRENT VERIFIED PREVIOUS                        prints the record that a rollback applies, or nothing
 *   value RECORD PATH…                                      prints one value, or nothing
 *   tainted                                                 prints tainted services of `terraform show -json` on stdin
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SETTINGS = [
  (environment) => `${environment}.tfvars`,
  (environment) => `${environment}.local.tfvars`,
  (environment) => `${environment}.local.tfvars.json`,
];

const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const print = (value) => console.log(JSON.stringify(value, null, 2));

function next(current, change, version, commit, folder, environment) {
  const { images, ...rest } = JSON.parse(change);
  const { values = {} } = read(current);
  const files = SETTINGS.map((name) => name(environment))
    .filter((name) => existsSync(join(folder, name)))
    .map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
  print({
    version,
    commit,
    values: { ...values, ...rest, images: { ...values.images, ...images } },
    files: Object.fromEntries(files),
  });
}

function unpack(record, folder) {
  const { values = { images: {} }, files = {} } = read(record);
  const all = { ...files, 'deployed.tfvars.json': `${JSON.stringify(values, null, 2)}\n` };
  for (const [name, text] of Object.entries(all)) {
    writeFileSync(join(folder, name), text);
    console.log(join(folder, name));
  }
}

/** The last verified record; if that is what runs, the one verified before it. */
function target(current, verified, previous) {
  const isSame = (record) => JSON.stringify(record) === JSON.stringify(read(current));
  const found = [read(verified), read(previous)].find(
    (record) => record.values !== undefined && !isSame(record),
  );
  if (found !== undefined) print(found);
}

function value(record, ...path) {
  const found = path.reduce((part, name) => part?.[name], read(record));
  if (found !== undefined && found !== null) console.log(found);
}

function modules(module) {
  return module === undefined ? [] : [module, ...(module.child_modules ?? []).flatMap(modules)];
}

/** A service whose first revision never got ready is tainted: Terraform would replace it, and its protection refuses. */
function tainted() {
  const shown = JSON.parse(readFileSync(0, 'utf8') || '{}');
  for (const { resources = [] } of modules(shown.values?.root_module)) {
    for (const { address, type, tainted: isTainted } of resources) {
      if (isTainted === true && type === 'google_cloud_run_v2_service') console.log(address);
    }
  }
}

const [command, ...words] = process.argv.slice(2);
({ next, unpack, target, value, tainted })[command](...words);
