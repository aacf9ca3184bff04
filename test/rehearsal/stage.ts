import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ControlPlane } from './control-plane/control-plane.js';
import { readDiscovery, type Discovery } from './control-plane/discovery.js';
import { ROOT } from './root.js';
import { serveControlPlane, type ControlPlaneServer } from './control-plane/server.js';

export const PROJECT = 'rehearsal-project';
export const OWNER = 'user:owner@example.com';
export const DEPLOYER = `serviceAccount:prod-deployer@${PROJECT}.iam.gserviceaccount.com`;

/** A change of one file that puts a fault back. */
export interface Patch {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface Ran {
  readonly status: number | null;
  readonly output: string;
}

export interface StageOptions {
  /** `real`: the installed Terraform with its providers. `stub`: control-plane/terraform-stub.ts. */
  readonly terraform: 'real' | 'stub';
  /** Folder of the discovery documents; without one the stub's calls are not checked. */
  readonly documents?: string;
  readonly patches?: readonly Patch[];
  /** Simulated seconds per second: 1 unless given. The stub of Terraform skips its waits. */
  readonly speed?: number;
  readonly log?: (line: string) => void;
}

/** A copy of scripts and Terraform, stub commands, and a control plane with an empty project. */
export class Stage {
  readonly folder = mkdtempSync(join(tmpdir(), 'rehearsal-stage-'));
  readonly #commands = join(this.folder, 'stub-commands');
  readonly #startedAt = Date.now();

  private constructor(
    readonly plane: ControlPlane,
    readonly server: ControlPlaneServer,
    private readonly options: StageOptions,
  ) {}

  static async open(options: StageOptions): Promise<Stage> {
    const startedAt = Date.now();
    const clock = (): number => ((Date.now() - startedAt) / 1000) * (options.speed ?? 1);
    const discovery: Discovery =
      options.documents === undefined
        ? { match: () => undefined, validate: () => undefined }
        : readDiscovery(options.documents);
    const plane = new ControlPlane(PROJECT, discovery, clock, OWNER);
    const stage = new Stage(plane, await serveControlPlane(plane), options);
    stage.#copy();
    return stage;
  }

  /** Seconds since the stage was opened. */
  get seconds(): number {
    return (Date.now() - this.#startedAt) / 1000;
  }

  #copy(): void {
    for (const part of ['scripts', 'terraform', 'docker'])
      cpSync(join(ROOT, part), join(this.folder, part), {
        recursive: true,
        filter: (path) => !path.includes('.terraform'),
      });
    mkdirSync(join(this.folder, 'dataflow'));
    cpSync(join(ROOT, 'dataflow/metadata.json'), join(this.folder, 'dataflow/metadata.json'));
    writeFileSync(join(this.folder, 'scripts/ensure-ready.mjs'), '');
    this.#writeSettings();
    this.#writeCommands();
    for (const { file, from, to } of this.options.patches ?? []) this.patch({ file, from, to });
  }

  #writeSettings(): void {
    const github = '{ repository = "example/pipeline", owner_id = "12345678" }';
    writeFileSync(
      join(this.folder, 'terraform/foundation/prod.local.tfvars'),
      `github = ${github}\nconsole = {}\nwaits = { iam_seconds = 2, services_seconds = 1 }\n`,
    );
    writeFileSync(
      join(this.folder, 'terraform/environment/prod.local.tfvars'),
      [
        'runbook_url = "https://example.com/OPERATIONS.md"',
        'waits = { iam_seconds = 2, log_metrics_seconds = 10 }',
        // With the console the quota of a new project has room for one instance less.
        'table_manager = { max_instances = 17 }',
        '',
      ].join('\n'),
    );
  }

  #writeCommands(): void {
    mkdirSync(this.#commands);
    const stub = join(ROOT, 'test/rehearsal/stubs/command.sh');
    const names = ['gcloud', 'bq', 'docker', ...(this.options.terraform === 'stub' ? ['terraform'] : [])];
    for (const name of names) this.#command(join(this.#commands, name), `exec bash "${stub}" ${name} "$@"`);
    // The integration test runs the pipeline's own command by this path.
    mkdirSync(join(this.folder, 'node_modules/.bin'), { recursive: true });
    this.#command(join(this.folder, 'node_modules/.bin/node'), `exec bash "${stub}" pipeline "$@"`);
    this.#command(
      join(this.#commands, 'git'),
      'echo "${REHEARSAL_COMMIT:-0123456789abcdef0123456789abcdef01234567}"',
    );
    symlinkSync(process.execPath, join(this.#commands, 'node'));
  }

  #command(path: string, line: string): void {
    writeFileSync(path, `#!/usr/bin/env bash\n${line}\n`);
    chmodSync(path, 0o755);
  }

  /** Changes a file of the copy; the text occurs exactly once. */
  patch({ file, from, to }: Patch): void {
    const path = join(this.folder, file);
    const source = readFileSync(path, 'utf8');
    if (source.split(from).length !== 2) throw new Error(`${file} has not exactly once: ${from}`);
    writeFileSync(
      path,
      source.replace(from, () => to),
    );
  }

  /** Runs a script as a caller; `killAfter` ends it with SIGKILL when its output has a text. */
  async script(caller: string, words: readonly string[], killAfter?: string): Promise<Ran> {
    this.options.log?.(`$ ${words.join(' ')}`);
    const [script = '', ...rest] = words;
    const child = spawn('bash', [`scripts/${script}`, PROJECT, 'prod', ...rest], {
      cwd: this.folder,
      env: this.#environment(caller),
      detached: true,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        this.options.log?.(text.trimEnd());
        if (killAfter !== undefined && output.includes(killAfter) && child.pid !== undefined)
          process.kill(-child.pid, 'SIGKILL');
      });
    }
    const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { status, output };
  }

  #environment(caller: string): NodeJS.ProcessEnv {
    return {
      PATH: `${this.#commands}${delimiter}${process.env['PATH'] ?? ''}`,
      HOME: this.folder,
      TMPDIR: tmpdir(),
      TF_CLI_CONFIG_FILE: process.env['TF_CLI_CONFIG_FILE'],
      TF_CLI_ARGS: this.options.terraform === 'real' ? '-no-color' : undefined,
      TF_IN_AUTOMATION: '1',
      CHECKPOINT_DISABLE: '1',
      HTTPS_PROXY: this.server.proxyUrl,
      SSL_CERT_FILE: this.server.certificate,
      GOOGLE_OAUTH_ACCESS_TOKEN: caller,
      REHEARSAL_PORT: new URL(this.server.commandsUrl).port,
    };
  }

  async close(): Promise<void> {
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
