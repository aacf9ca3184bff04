import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  DEFAULT_PIPELINE_NAMES,
  provisionDataset,
  startLocalCloud,
  type LocalCloud,
} from '@pipeline/local-cloud';
import { join } from 'node:path';
import { eventually } from '../e2e/eventually.js';
import {
  copyTerraform,
  prepareTerraform,
  runTerraform,
  whyTerraformCannotRun,
  type TerraformRun,
} from './terraform.js';

const reason = whyTerraformCannotRun();
const PROJECT = DEFAULT_PIPELINE_NAMES.projectId;
const DATASET = DEFAULT_PIPELINE_NAMES.dataset;
const ARCHIVE = DEFAULT_PIPELINE_NAMES.archiveDataset;
const FREE_PORTS = { pubsub: 0, bigquery: 0, bigqueryStorage: 0, storage: 0, eventarc: 0 };

async function post(url: string, body: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return response.json();
}

/** The provider sends what is the default anyway. */
function withoutDefaults(partitioning: unknown): unknown {
  if (typeof partitioning !== 'object' || partitioning === null) return partitioning;
  return { requirePartitionFilter: false, ...partitioning };
}

/** The modules that hold data, applied to the local cloud through the provider's custom endpoints. */
(reason === null ? describe : describe.skip)(
  `terraform apply to the local cloud (${reason ?? 'real'})`,
  () => {
    let cloud: LocalCloud;
    let copy: ReturnType<typeof copyTerraform>;
    let folder: string;

    beforeAll(async () => {
      cloud = await startLocalCloud({ ports: FREE_PORTS });
      copy = copyTerraform();
      folder = join(copy.root, 'test/terraform/local-cloud');
      await prepareTerraform(folder);
    }, 120_000);

    afterAll(async () => {
      await cloud.stop();
      copy.remove();
    });

    function terraform(...words: readonly string[]): Promise<TerraformRun> {
      return runTerraform(folder, words, {
        TF_VAR_pubsub_url: cloud.urls.pubsub,
        TF_VAR_bigquery_url: cloud.urls.bigquery,
        TF_VAR_storage_url: cloud.urls.storage,
      });
    }

    async function tables({ urls }: LocalCloud): Promise<readonly object[]> {
      const ids = {
        [DATASET]: [
          '_actions',
          '_backfills',
          '_dead_letters',
          '_dismissals',
          '_notices',
          '_promotions',
          '_quarantine',
          '_schema_history',
          'dead_letters',
        ],
        [ARCHIVE]: ['_ledger', '_raw_events'],
      };
      const named = Object.entries(ids).flatMap(([dataset, names]) => names.map((id) => ({ dataset, id })));
      const url = `${urls.bigquery}/bigquery/v2/projects/${PROJECT}/datasets`;
      return Promise.all(
        named.map(async ({ dataset, id }) => {
          const answer = (await (await fetch(`${url}/${dataset}/tables/${id}`)).json()) as Record<
            string,
            unknown
          >;
          const { schema, timePartitioning, clustering, view } = answer;
          return {
            dataset,
            id,
            schema,
            timePartitioning: withoutDefaults(timePartitioning),
            clustering,
            view,
          };
        }),
      );
    }

    async function names(collection: 'topics' | 'subscriptions'): Promise<readonly string[]> {
      const answer = await fetch(`${cloud.urls.pubsub}/v1/projects/${PROJECT}/${collection}`);
      const resources = ((await answer.json()) as Record<string, { name: string }[]>)[collection] ?? [];
      return resources.map(({ name }) => name.slice(name.lastIndexOf('/') + 1)).sort();
    }

    async function archivedIds(): Promise<readonly string[]> {
      const query = `SELECT message_id FROM \`${PROJECT}.${ARCHIVE}._raw_events\``;
      const answer = await post(`${cloud.urls.bigquery}/bigquery/v2/projects/${PROJECT}/queries`, {
        query,
        useLegacySql: false,
      });
      const { rows = [] } = answer as { rows?: { f: { v: string }[] }[] };
      return rows.flatMap(({ f }) => f.map(({ v }) => v));
    }

    it('makes topics, subscriptions, tables and buckets', async () => {
      const applied = await terraform('apply', '-auto-approve');

      expect(applied.output).toContain('Apply complete! Resources: 22 added, 0 changed, 0 destroyed.');
      expect(await names('topics')).toEqual([
        'backend-events-dead-letter',
        'backend-events-replay',
        'backend-events-topic',
        'pipeline-notices',
      ]);
      expect(await names('subscriptions')).toEqual([
        'backend-events-archive',
        'backend-events-dead-letter-archive',
        'backend-events-files',
        'backend-events-replay-sub',
        'backend-events-topic-sub',
      ]);
    }, 300_000);

    it('changes nothing when it is applied again', async () => {
      const applied = await terraform('apply', '-auto-approve');

      expect(applied.output).toContain('Apply complete! Resources: 0 added, 0 changed, 0 destroyed.');
    }, 300_000);

    it('makes the tables that npm start makes', async () => {
      const laptop = await startLocalCloud({ ports: FREE_PORTS });
      await provisionDataset(DEFAULT_PIPELINE_NAMES, laptop.urls.bigquery);
      const provisioned = await tables(laptop);
      await laptop.stop();

      expect(await tables(cloud)).toEqual(provisioned);
    });

    it('archives a message', async () => {
      const topic = `${cloud.urls.pubsub}/v1/projects/${PROJECT}/topics/backend-events-topic:publish`;

      const published = await post(topic, { messages: [{ data: 'e30=' }] });
      const { messageIds } = published as { messageIds: readonly string[] };

      await eventually(async () => {
        expect(await archivedIds()).toEqual(messageIds);
      });
    });

    it('refuses to destroy what holds data', async () => {
      const destroyed = await terraform('destroy', '-auto-approve');

      expect(destroyed.exitCode).toBe(1);
      expect(await names('topics')).toHaveLength(3);
    }, 300_000);

    it('destroys everything once protection is lifted and applied', async () => {
      const lifted = await terraform('apply', '-auto-approve', '-var=deletion_protection=false');
      const destroyed = await terraform('destroy', '-auto-approve', '-var=deletion_protection=false');

      expect(lifted.exitCode).toBe(0);
      expect(destroyed.output).toContain('Destroy complete! Resources: 22 destroyed.');
      expect(await names('topics')).toEqual([]);
      expect(await names('subscriptions')).toEqual([]);
    }, 300_000);
  },
);
