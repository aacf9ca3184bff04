import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { BigQuery, Dataset, Table, TableField } from '@google-cloud/bigquery';

/** A BigQuery to hold the contract against, and a client of it. */
export interface BigqueryUnderTest {
  readonly client: BigQuery;
  /** Root of the server, for what the client does not show. */
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** A column that most tables of the contract have. */
export const ID: TableField = { name: 'id', type: 'INTEGER', mode: 'NULLABLE' };

/** The server of a suite, and a dataset of its own for each test. */
export class ContractSession {
  #under: BigqueryUnderTest | undefined;
  #dataset: Dataset | undefined;

  constructor(start: () => Promise<BigqueryUnderTest>) {
    let serial = 0;
    beforeAll(async () => {
      this.#under = await start();
    });
    afterAll(async () => {
      await this.#under?.stop();
    });
    beforeEach(async () => {
      serial += 1;
      [this.#dataset] = await this.client.createDataset(`contract_${serial}`);
    });
  }

  get client(): BigQuery {
    return this.#started.client;
  }

  get endpoint(): string {
    return this.#started.endpoint;
  }

  get dataset(): Dataset {
    if (this.#dataset === undefined) throw new Error('No test has begun.');
    return this.#dataset;
  }

  get #started(): BigqueryUnderTest {
    if (this.#under === undefined) throw new Error('The server has not been started.');
    return this.#under;
  }

  /** A new table `t` in the test's dataset. */
  async table(fields: readonly TableField[], more: object = {}): Promise<Table> {
    const [made] = await this.dataset.createTable('t', { schema: { fields: [...fields] }, ...more });
    return made;
  }

  async fieldsOf(table: Table): Promise<TableField[]> {
    const [metadata] = (await table.getMetadata()) as unknown as [{ schema: { fields: TableField[] } }];
    return metadata.schema.fields;
  }

  async rows(sql: string, params?: Record<string, unknown>): Promise<unknown[]> {
    const [result] = await this.client.query({ query: sql, ...(params === undefined ? {} : { params }) });
    return result as unknown[];
  }
}

/** Status, reason and message of a call that must fail. */
export async function failureOf(
  call: Promise<unknown>,
): Promise<{ code: number | undefined; reason: string | undefined; message: string | undefined }> {
  try {
    await call;
  } catch (error) {
    const failure = error as { code?: number; errors?: readonly { reason?: string; message?: string }[] };
    const [first] = failure.errors ?? [];
    return { code: failure.code, reason: first?.reason, message: first?.message };
  }
  throw new Error('The call did not fail.');
}
