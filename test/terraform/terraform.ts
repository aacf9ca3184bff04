import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const TERRAFORM = 'terraform';

/** Every folder that Terraform can plan: the modules and the root, relative to `terraform/`. */
export const TERRAFORM_FOLDERS: readonly string[] = globSync(
  '{modules/*,foundation,environment}/versions.tf',
  {
    cwd: join(ROOT, 'terraform'),
  },
)
  .map(dirname)
  .sort();

/** Exit code and output of a run of Terraform. */
export interface TerraformRun {
  readonly exitCode: number | null;
  readonly output: string;
}

/**
 * A copy of `terraform/` and `test/terraform/` in a temporary folder, so that runs leave nothing in the work tree.
 *
 * Shape: `copyTerraform()` → `{root: '/tmp/terraform-abc', remove}`.
 */
export function copyTerraform(): { readonly root: string; readonly remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'terraform-'));
  const isOurs = (path: string): boolean => !['.terraform', '.terraform.lock.hcl'].includes(basename(path));
  for (const folder of ['terraform', 'test/terraform']) {
    cpSync(join(ROOT, folder), join(root, folder), { recursive: true, filter: isOurs });
  }
  return {
    root,
    remove: () => {
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Run Terraform in a folder; its output is never coloured and asks nothing. */
export async function runTerraform(
  folder: string,
  words: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<TerraformRun> {
  const child = spawn(TERRAFORM, words, { cwd: folder, env: environment(variables) });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  return { exitCode, output };
}

/** Make the modules and providers of a folder ready. Downloads nothing unless `TERRAFORM_INIT` is set. */
export async function prepareTerraform(folder: string): Promise<void> {
  for (const words of preparation()) {
    const { exitCode, output } = await runTerraform(folder, words);
    if (exitCode !== 0) throw new Error(`terraform ${words.join(' ')} failed:\n${output}`);
  }
}

/**
 * The reason why Terraform cannot run here, or null.
 *
 * A provider is to be had when Terraform's own configuration names one (`TF_CLI_CONFIG_FILE` with a mirror or an
 * override), or when it may be downloaded (`TERRAFORM_INIT=1`).
 */
export function whyTerraformCannotRun(): string | null {
  const isInstalled = (process.env['PATH'] ?? '')
    .split(delimiter)
    .some((folder) => existsSync(join(folder, TERRAFORM)));
  if (!isInstalled) return 'skipped: terraform is not installed';
  const { root, remove } = copyTerraform();
  const cwd = join(root, 'terraform/modules/project-services');
  const ran = [...preparation(), ['validate']].every(
    (words) => spawnSync(TERRAFORM, words, { cwd, env: environment({}) }).status === 0,
  );
  remove();
  return ran ? null : 'skipped: no google provider is to be had (TERRAFORM_INIT=1 downloads it)';
}

function preparation(): readonly (readonly string[])[] {
  return process.env['TERRAFORM_INIT'] === undefined
    ? [['get']]
    : [['init', '-backend=false', '-input=false']];
}

function environment(variables: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, TF_IN_AUTOMATION: '1', TF_INPUT: '0', TF_CLI_ARGS: '-no-color', ...variables };
}
