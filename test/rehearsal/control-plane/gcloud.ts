import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Body, ControlPlane } from './control-plane.js';
import { Refusal } from './discovery.js';
import { lastOf, valueAt } from './names.js';

/** Output and exit code of a command. */
export interface GcloudAnswer {
  readonly output: string;
  readonly status: number;
}

interface Words {
  readonly plane: ControlPlane;
  readonly member: string;
  /** Words without options. */
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string>;
}

const VALUED = [
  '--project',
  '--region',
  '--location',
  '--format',
  '--filter',
  '--status',
  '--metadata-file',
  '--sdk-language',
  '--image',
  '--jar',
  '--image-gcr-path',
  '--flex-template-base-image',
  '--env',
  '--file',
  '--tag',
  '--platform',
  '--project_id',
];

function parse(plane: ControlPlane, argv: readonly string[], member: string): Words {
  const words: string[] = [];
  const options = new Map<string, string>();
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? '';
    if (!word.startsWith('--')) words.push(word);
    else if (word.includes('='))
      options.set(word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1));
    else options.set(word, VALUED.includes(word) ? (argv[(index += 1)] ?? '') : '');
  }
  return { plane, member, words, options };
}

function splitUrl(url: string): readonly [string, string] {
  const [, bucket = '', name = ''] = /^gs:\/\/([^/]+)\/?(.*)$/.exec(url) ?? [];
  return [bucket, name];
}

function found(plane: ControlPlane, bucket: string, name: string): { content: Buffer; generation: number } {
  const object = plane.buckets.object(bucket, name);
  if (object === undefined) throw new Refusal(404, 'NOT_FOUND', `gs://${bucket}/${name} not found: 404.`);
  return object;
}

function storage({ plane, member, words, options }: Words): string {
  const [, , verb = '', ...rest] = words;
  const [bucket, name] = splitUrl(rest.find((word) => word.startsWith('gs://')) ?? '');
  const demand = (method: string): void => {
    plane.buckets.require(member, `storage.${method}`, bucket);
  };
  if (verb === 'buckets') {
    if (rest[0] === 'create') {
      demand('buckets.insert');
      plane.buckets.create({ name: bucket, location: options.get('--location') });
    } else {
      demand(rest[0] === 'update' ? 'buckets.patch' : 'buckets.get');
      plane.buckets.bucket(bucket);
    }
    return '';
  }
  if (verb === 'cp') {
    demand('objects.insert');
    plane.buckets.put(bucket, name, readFileSync(rest[0] ?? ''));
    return '';
  }
  demand(verb === 'rm' ? 'objects.delete' : 'objects.get');
  const { content, generation } = found(plane, bucket, name);
  if (verb === 'rm') plane.buckets.remove(bucket, name);
  if (verb === 'cat') return content.toString();
  return verb === 'objects' ? `${String(generation)}\n` : '';
}

/** `gcloud artifacts docker images describe TAG`: the digest of a tag. */
function images({ plane, member, words }: Words): string {
  const tag = words[words.length - 1] ?? '';
  plane.iam.require(member, 'artifactregistry.projects.locations.repositories.dockerImages.get', [
    `projects/${plane.project}`,
  ]);
  const digest = plane.resources.get(`image ${tag}`)?.['digest'];
  if (typeof digest !== 'string') throw new Refusal(404, 'NOT_FOUND', `Image not found: ${tag}`);
  return `${tag.replace(/:[^:/]+$/, '')}@${digest}\n`;
}

/** `gcloud dataflow flex-template build`: with `--jar` it builds by Cloud Build, which must be switched on. */
function flexTemplate({ plane, member, words, options }: Words): string {
  if (options.has('--jar') && !plane.services.has('cloudbuild.googleapis.com')) {
    throw new Refusal(
      403,
      'PERMISSION_DENIED',
      'Cloud Build API has not been used in project before or it is disabled.',
    );
  }
  const [bucket, name] = splitUrl(words[4] ?? '');
  plane.buckets.require(member, 'storage.objects.insert', bucket);
  plane.buckets.put(bucket, name, Buffer.from(JSON.stringify({ image: options.get('--image') })));
  return '';
}

function jobs({ plane, member, words }: Words): string {
  const describes = words[3] === 'describe';
  plane.iam.require(member, `dataflow.projects.locations.jobs.${describes ? 'get' : 'list'}`, [
    `projects/${plane.project}`,
  ]);
  const all = [...plane.resources].filter(([name]) => /\/jobs\/\d{4}-/.test(name)).map(([, job]) => job);
  if (describes) {
    const job = all.find(({ id }) => id === words[4]);
    const label = valueAt(job, 'labels.template');
    return `${typeof label === 'string' ? label : ''}
`;
  }
  return all
    .filter(({ currentState }) => currentState === 'JOB_STATE_RUNNING')
    .map(({ id }) => `${String(id)}\tRunning\n`)
    .join('');
}

function service({ plane, words }: Words): string {
  const name = `projects/${plane.project}/locations/us-central1/services/${words[4] ?? ''}`;
  const found_ = plane.existing(name);
  return `${[
    lastOf(String(found_['latestCreatedRevision'])),
    lastOf(String(found_['latestReadyRevision'])),
    String(valueAt(found_, 'template.containers.0.image')),
  ].join('\t')}\n`;
}

function describe({ plane, words }: Words): string {
  const collection = {
    topics: 'topics',
    subscriptions: 'subscriptions',
    triggers: 'locations/us-central1/triggers',
  }[words[2] ?? ''];
  plane.existing(`projects/${plane.project}/${collection ?? ''}/${words[4] ?? ''}`);
  return '';
}

function enable({ plane, words }: Words): string {
  for (const name of words.slice(3)) plane.services.add(name);
  return '';
}

/** docker: every build has another digest, as with provenance, another machine or no cache; tags are immutable. */
function docker({ plane, member, words, options }: Words): string {
  if (words[1] === 'build') {
    plane.resources.set(`built ${options.get('--tag') ?? ''}`, {
      digest: `sha256:${randomBytes(32).toString('hex')}`,
      createdAt: 0,
    });
    return '';
  }
  const tag = words[2] ?? '';
  plane.iam.require(member, 'artifactregistry.push', [`projects/${plane.project}`]);
  const repository = `projects/${plane.project}/locations/us-central1/repositories/${tag.split('/')[2] ?? ''}`;
  const isImmutable = valueAt(plane.existing(repository), 'dockerConfig.immutableTags') === true;
  if (isImmutable && plane.resources.has(`image ${tag}`)) {
    throw new Refusal(
      400,
      'FAILED_PRECONDITION',
      `cannot update tag ${tag}: the repository has enabled tag immutability`,
    );
  }
  plane.resources.set(`image ${tag}`, { ...plane.existing(`built ${tag}`) });
  return '';
}

/** `pipeline verify`: asks BigQuery, and sees what the services of this release do. */
function pipeline({ plane, member }: Words): string {
  plane.iam.require(member, 'bigquery.jobs.query', [`projects/${plane.project}`]);
  plane.iam.require(member, 'bigquery.query', [`projects/${plane.project}`]);
  if (plane.faults.failing) throw new Error('1 of 9 checks failed: no row of order arrived in 900 s');
  return 'every check passed\n';
}

function bq({ plane, words }: Words): string {
  plane.existing(`projects/${plane.project}/datasets/${words[words.length - 1] ?? ''}`);
  return '';
}

const COMMANDS: readonly (readonly [RegExp, (words: Words) => string])[] = [
  [/^gcloud services enable/, enable],
  [/^gcloud storage/, storage],
  [/^gcloud auth/, () => ''],
  [/^gcloud artifacts docker images describe/, images],
  [/^gcloud dataflow flex-template build/, flexTemplate],
  [/^gcloud dataflow jobs/, jobs],
  [/^gcloud run services describe/, service],
  [/^gcloud (pubsub|eventarc) \w+ describe/, describe],
  [/^bq show|^bq .* show/, bq],
  [/^docker/, docker],
  [/^pipeline/, pipeline],
];

/** Runs a command of `gcloud`, `bq`, `docker` or `pipeline` on the control plane; returns what it prints. */
export function runGcloud(plane: ControlPlane, argv: readonly string[], member: string): string {
  const words = parse(plane, argv, member);
  const line = words.words.join(' ');
  const command = COMMANDS.find(([pattern]) => pattern.test(line));
  if (command === undefined) throw new Error(`the stub does not know: ${argv.join(' ')}`);
  return command[1](words);
}

export type { Body };
