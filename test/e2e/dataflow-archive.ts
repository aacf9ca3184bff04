import { DEFAULT_PIPELINE_NAMES, type LocalCloud } from '@pipeline/local-cloud';
import { gunzipSync } from 'node:zlib';

const { eventsBucket } = DEFAULT_PIPELINE_NAMES;
const GZIP = 0x1f;

/** A line of the job's copy in Cloud Storage. */
export interface ArchivedMessage {
  /** The file's name in the bucket. */
  readonly file: string;
  readonly messageId: string;
  readonly publishTime: string;
  readonly text: string;
}

interface Listing {
  readonly items?: readonly { readonly name: string }[];
  readonly nextPageToken?: string;
}

/** Every line of every file that the job has written. */
export async function archivedMessages(cloud: LocalCloud): Promise<ArchivedMessage[]> {
  const objects = `${cloud.urls.storage}/storage/v1/b/${eventsBucket}/o`;
  const names: string[] = [];
  let pageToken = '';
  do {
    const url = `${objects}?prefix=events/${pageToken === '' ? '' : `&pageToken=${encodeURIComponent(pageToken)}`}`;
    const page = (await (await fetch(url)).json()) as Listing;
    names.push(...(page.items ?? []).map(({ name }) => name).filter((name) => name.endsWith('.ndjson.gz')));
    pageToken = page.nextPageToken ?? '';
  } while (pageToken !== '');
  const files = await Promise.all(
    names.map((name) => linesOf(`${objects}/${encodeURIComponent(name)}`, name)),
  );
  return files.flat();
}

async function linesOf(url: string, file: string): Promise<ArchivedMessage[]> {
  const response = await fetch(`${url}?alt=media`);
  if (!response.ok) throw new Error(`${file}: ${response.status}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  const text = (bytes[0] === GZIP ? gunzipSync(bytes) : bytes).toString();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const message = JSON.parse(line) as { message_id: string; publish_time: string; data: string };
      return {
        file,
        messageId: message.message_id,
        publishTime: message.publish_time,
        text: Buffer.from(message.data, 'base64').toString(),
      };
    });
}

/** `events/orders/dt=2026-11-23/hr=02/…` → `orders/dt=2026-11-23/hr=02`: where a message belongs. */
export function folderOf({ file }: ArchivedMessage): string {
  return file.split('/').slice(1, -1).join('/');
}
