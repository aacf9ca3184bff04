import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BigqueryTableStore } from '@pipeline/bigquery-tables';
import { readContract, type TableContract } from '@pipeline/contracts';
import { BigqueryClient, BigquerySql } from '@pipeline/google-clients';
import { DEFAULT_PIPELINE_NAMES, provisionDataset, startBigqueryEmulator } from '@pipeline/local-cloud';
import { countViolations } from './count-violations.js';
import { ruleText } from './render-checks.js';

const { projectId, dataset: datasetId } = DEFAULT_PIPELINE_NAMES;

function aContract(properties: string): TableContract {
  const head = 'apiVersion: v3.1.0\nkind: DataContract\nid: t\nversion: "1"\nstatus: active\n';
  const read = readContract('t.odcs.yaml', `${head}schema:\n  - name: sale\n    properties:\n${properties}`);
  if (read.kind !== 'contract' || read.contract.kind !== 'table') throw new Error(JSON.stringify(read));
  return read.contract;
}

/** One row violates each rule once, and one keeps all of them. */
const CONTRACT = aContract(`
      - { name: status, physicalType: STRING, required: true, enum: [new, { value: paid }] }
      - { name: code, physicalType: STRING, logicalTypeOptions: { pattern: '^[A-Z]{2}-', minLength: 4, maxLength: 6 } }
      - { name: amount, physicalType: NUMERIC, logicalTypeOptions: { minimum: 0.5, exclusiveMaximum: 100 } }
      - { name: count, physicalType: INT64, logicalTypeOptions: { exclusiveMinimum: 0, maximum: 9 } }
      - { name: rate, physicalType: FLOAT64, logicalTypeOptions: { maximum: 1 } }
      - { name: day, physicalType: DATE, logicalTypeOptions: { minimum: '2026-01-01' } }
      - { name: at, physicalType: TIMESTAMP, logicalTypeOptions: { maximum: '2027-01-01 00:00:00+00' } }
      - name: tags
        logicalType: array
        required: true
        logicalTypeOptions: { maxItems: 2 }
        items: { physicalType: STRING, enum: [a, b, "it's \\"quoted\\" \\\\ ?"] }
      - name: buyer
        physicalType: STRUCT
        properties: [{ name: mail, physicalType: STRING, required: true }]
      - name: items
        logicalType: array
        items:
          logicalType: object
          properties:
            - { name: price, physicalType: NUMERIC, required: true, logicalTypeOptions: { minimum: 0 } }
      - { name: any, physicalType: JSON, enum: [a] }
      - { name: later, physicalType: STRING, required: true }
`);

const COLUMNS = [
  '_message_id STRING NOT NULL, _publish_time TIMESTAMP NOT NULL, status STRING, code STRING, amount NUMERIC, count INT64',
  'rate FLOAT64, day DATE, at TIMESTAMP, tags ARRAY<STRING>, buyer STRUCT<mail STRING>, items ARRAY<STRUCT<price NUMERIC>>, any JSON',
].join(', ');

const T = "TIMESTAMP '2026-11-29 10:00:00+00'";
const GOOD = `'good', ${T}, 'paid', 'AB-1', 0.5, 9, 1.0, DATE '2026-01-01', ${T}, ['a', 'it\\'s "quoted" \\\\ ?'], NULL, [STRUCT(NUMERIC '0')], JSON '"x"'`;
const BAD = `'bad', ${T}, 'gone', 'x', 100, 0, 1.5, DATE '2025-12-31', TIMESTAMP '2028-01-01 00:00:00+00', ['a', 'b', 'c'], STRUCT(CAST(NULL AS STRING)), [STRUCT(NUMERIC '-1'), STRUCT(CAST(NULL AS NUMERIC))], NULL`;
const EMPTY = `'empty', ${T}, NULL, NULL, NULL, 10, NULL, NULL, NULL, [], NULL, [], NULL`;
const EARLIER = `'earlier', TIMESTAMP '2026-11-28 10:00:00+00', NULL, NULL, NULL, 10, NULL, NULL, NULL, [], NULL, [], NULL`;

describe('violations of a contract', () => {
  let emulator: Awaited<ReturnType<typeof startBigqueryEmulator>>;
  let client: BigqueryClient;
  let sql: BigquerySql;

  beforeAll(async () => {
    emulator = await startBigqueryEmulator({ host: '127.0.0.1', port: 0, log: () => undefined });
    const endpoint = `http://127.0.0.1:${emulator.port}`;
    await provisionDataset(DEFAULT_PIPELINE_NAMES, endpoint);
    client = new BigqueryClient({ projectId, datasetId, endpoint, timeoutMs: 120_000 });
    sql = new BigquerySql(client);
    await sql.execute({ sql: `CREATE TABLE ${sql.name('sale')} (${COLUMNS})` });
    for (const row of [GOOD, BAD, EMPTY, EARLIER])
      await sql.execute({ sql: `INSERT INTO ${sql.name('sale')} VALUES (${row})` });
  });

  afterAll(() => emulator.stop());

  it('are counted for each rule, over the span, with a message as a sample', async () => {
    const schema = (await new BigqueryTableStore(client).read('sale'))?.schema;
    if (schema === undefined) throw new Error('The table is gone.');
    const span = { from: new Date('2026-11-29T00:00:00Z'), to: new Date('2026-11-30T00:00:00Z') };

    const counted = await countViolations(
      sql,
      { contract: CONTRACT, schema },
      { ...span, maximumBytesBilled: 1e9 },
    );

    expect(
      counted.map((check) => [
        check.path,
        ruleText(check.rule),
        check.violations ?? check.reason,
        check.violations === null ? null : check.sampleMessageId,
      ]),
    ).toEqual([
      ['status', 'required', 1, 'empty'],
      ['status', 'one of new, paid', 1, 'bad'],
      ['code', 'minLength 4', 1, 'bad'],
      ['code', 'maxLength 6', 0, null],
      ['code', 'pattern ^[A-Z]{2}-', 1, 'bad'],
      ['amount', 'minimum 0.5', 0, null],
      ['amount', 'exclusiveMaximum 100', 1, 'bad'],
      ['count', 'maximum 9', 1, 'empty'],
      ['count', 'exclusiveMinimum 0', 1, 'bad'],
      ['rate', 'maximum 1', 1, 'bad'],
      ['day', 'minimum 2026-01-01', 1, 'bad'],
      ['at', 'maximum 2027-01-01 00:00:00+00', 1, 'bad'],
      ['tags', 'required', 1, 'empty'],
      ['tags', 'maxItems 2', 1, 'bad'],
      ['tags[]', 'one of a, b, it\'s "quoted" \\ ?', 1, 'bad'],
      ['buyer.mail', 'required', 1, 'bad'],
      ['items[].price', 'required', 1, 'bad'],
      ['items[].price', 'minimum 0', 1, 'bad'],
      ['any', 'one of a', 'TYPE', null],
      ['later', 'required', 'NO_COLUMN', null],
    ]);
  });
});
