import { invalidArgument } from '../wire/status.js';

const PROJECT = /^projects\/([^/]+)$/;
const ID = /^[A-Za-z][A-Za-z0-9\-_.~+%]{2,254}$/;

export type Collection = 'topics' | 'subscriptions' | 'snapshots';

/** Name of a subscription's topic after the topic was deleted. */
export const DELETED_TOPIC = '_deleted-topic_';

/**
 * Check a resource name: `projects/P/topics/ID`, the id 3 to 255 characters, a letter first, not beginning with `goog`.
 *
 * Source: https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names, read 2026-11-22.
 */
export function checkName(collection: Collection, name: string | undefined): string {
  const [projects, project, kind, id, ...rest] = (name ?? '').split('/');
  const isName = projects === 'projects' && project !== '' && kind === collection && rest.length === 0;
  if (!isName || id === undefined || !ID.test(id) || id.startsWith('goog')) {
    throw invalidArgument(
      `Invalid [${collection}] name: (name=${name ?? ''}). Refer to https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names for more information.`,
    );
  }
  return name ?? '';
}

export function checkProject(name: string | undefined): string {
  if (!PROJECT.test(name ?? '')) throw invalidArgument(`Invalid [projects] name: (name=${name ?? ''})`);
  return name ?? '';
}

/** `projects/p/topics/t` → `t` */
export function idOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** `projects/p/topics/t` → `p` */
export function projectOf(name: string): string {
  return name.split('/')[1] ?? '';
}
