import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { columns } from './columns.builder.js';
import { breaking } from './compare/breaking.js';
import { readContract } from './odcs/read-contract.js';
import { withMissingColumns } from './odcs/update-contract.js';
import { datasetContractText, tableContractText } from './odcs/write-contract.js';

/** The interpreter of an installed datacontract-cli (PyPI): DATACONTRACT names it, else it is looked for on the PATH. */
function interpreter(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'datacontract'));
  const script = [process.env['DATACONTRACT'] ?? '', ...folders].find(
    (file) => file !== '' && existsSync(file),
  );
  const first = script === undefined ? '' : (readFileSync(script, 'utf8').split('\n')[0] ?? '');
  return first.startsWith('#!') ? first.slice(2).trim() : null;
}

const PYTHON = interpreter();
/** Each start of the tool takes seconds, and each lint a tenth of one. */
const TIMEOUT_MS = 240_000;
const SEED = Number(process.env['FC_SEED'] ?? 20_261_129);

/** Runs Python code over a JSON value: one process for all files, because each start takes seconds. */
function python(code: string, input: unknown): unknown {
  const options = { input: JSON.stringify(input), encoding: 'utf8', maxBuffer: 1e8 } as const;
  return JSON.parse(
    execFileSync(PYTHON ?? '', ['-c', code], options)
      .split('\n')
      .at(-2) ?? 'null',
  ) as unknown;
}

const LINT = `
import json, sys, logging
logging.disable(logging.CRITICAL)
from datacontract.data_contract import DataContract
print(json.dumps([DataContract(data_contract_str=t).lint().result.value for t in json.load(sys.stdin)]))
`;
const BREAKING = `
import json, sys, logging
logging.disable(logging.CRITICAL)
from datacontract.data_contract import DataContract
def levels(pair):
    result = DataContract(data_contract_str=pair[0]).breaking(DataContract(data_contract_str=pair[1]))
    return sorted({e.level.value for e in result.entries if e.level.value != 'info'})
print(json.dumps([levels(p) for p in json.load(sys.stdin)]))
`;

/** The text of a version with these columns. */
function version(properties: readonly object[]): string {
  const head = {
    apiVersion: 'v3.2.0',
    kind: 'DataContract',
    id: 't',
    name: 't',
    version: '1',
    status: 'active',
  };
  return stringify({ ...head, schema: [{ name: 't', physicalType: 'table', properties }] });
}

const TYPES = [
  { logicalType: 'integer', physicalType: 'INT64' },
  { logicalType: 'number', physicalType: 'NUMERIC' },
  { logicalType: 'string', physicalType: 'STRING' },
  { logicalType: 'timestamp', physicalType: 'TIMESTAMP' },
  { physicalType: 'JSON' },
] as const;

const flag = fc.option(fc.constant(true), { nil: undefined });
const limit = fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined });
const type = fc.constantFrom(...TYPES);
const values = fc.option(fc.uniqueArray(fc.constantFrom('p', 'q', 'r'), { minLength: 1 }), {
  nil: undefined,
});

const leaf = fc
  .record({ type, required: flag, unique: flag, primaryKey: flag, limit, values })
  .map(({ type: own, limit: max, values: allowed, ...rest }) => ({
    ...(allowed === undefined || own.physicalType !== 'STRING'
      ? {}
      : { enum: allowed.map((value) => ({ value })) }),
    ...own,
    ...defined(rest),
    ...(max === undefined || own.physicalType !== 'INT64' ? {} : { logicalTypeOptions: { maximum: max } }),
  }));
const record = fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { minLength: 1 }).chain((names) =>
  fc.tuple(...names.map(() => type)).map((types) => ({
    logicalType: 'object',
    physicalType: 'STRUCT',
    properties: names.map((name, index) => ({ name, ...types[index] })),
  })),
);
const list = type.map((items) => ({
  logicalType: 'array',
  physicalType: `ARRAY<${items.physicalType}>`,
  items,
}));
const contract = fc
  .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1 })
  .chain((names) =>
    fc
      .tuple(...names.map(() => fc.oneof({ weight: 4, arbitrary: leaf }, record, list)))
      .map((types) => names.map((name, index) => ({ name, ...types[index] }))),
  );

function defined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Partial<T>;
}

/** A version and the next: unrelated, or with one column replaced, dropped or added. */
const pair = fc
  .oneof(
    fc.tuple(contract, contract),
    fc
      .tuple(contract, contract)
      .map(([before, other]) => [before, [...before.slice(0, -1), ...other.slice(0, 1)]] as const),
    contract.map((before) => [before, before] as const),
  )
  .filter(([, after]) => new Set(after.map(({ name }) => name)).size === after.length);

const describeInstalled = PYTHON === null ? describe.skip : describe;

describeInstalled(
  'datacontract-cli, where it is installed (else skipped: pip install datacontract-cli)',
  () => {
    it(
      'accepts every file that is written',
      () => {
        const tables = fc.sample(columns, { numRuns: 20, seed: SEED }).map((own) => {
          const schema = { columns: own, closed: false };
          const text = tableContractText({
            dataset: 'd',
            table: 't',
            schema,
            newColumns: 'approve',
            typeChanges: 'evolve',
          });
          return [
            text,
            withMissingColumns(
              tableContractText({
                dataset: 'd',
                table: 't',
                schema: { columns: own.slice(2), closed: false },
                newColumns: 'evolve',
                typeChanges: 'evolve',
              }),
              schema,
            ),
          ];
        });
        const texts = [datasetContractText('d', 'evolve'), ...tables.flat()];
        const results = python(LINT, texts) as readonly string[];

        expect(
          results
            .map((result, index) => (result === 'passed' ? '' : texts[index]))
            .filter((text) => text !== ''),
        ).toEqual([]);
      },
      TIMEOUT_MS,
    );

    it(
      'finds in 200 pairs of versions the same levels of breaking changes',
      () => {
        const pairs = fc
          .sample(pair, { numRuns: 200, seed: SEED })
          .map(([before, after]) => [version(before), version(after)] as const);
        const theirs = python(BREAKING, pairs);
        const ours = pairs.map(([before, after]) => {
          const [old, next] = [readContract('a', before), readContract('b', after)];
          if (old.kind !== 'contract' || next.kind !== 'contract')
            throw new Error(JSON.stringify([old, next]));
          return [...new Set(breaking(old.dto, next.dto).map(({ level }) => level))].sort();
        });
        const differing = pairs.flatMap((texts, index) =>
          JSON.stringify(ours[index]) === JSON.stringify((theirs as readonly unknown[])[index])
            ? []
            : [{ texts, ours: ours[index], theirs: (theirs as readonly unknown[])[index] }],
        );

        expect(differing).toEqual([]);
      },
      TIMEOUT_MS,
    );
  },
);
