import { inTurn, rowMessage, type HostileMessage, type Scenario } from './scenario.js';

/** Pub/Sub accepts 10,000,000 bytes per message, a row of the pipeline 9,500,000. */
const LARGEST_TEXT_BYTES = 9_400_000;
const TOO_LARGE_TEXT_BYTES = 9_600_000;
const ELEMENTS = 100_000;
const FIELDS = 250;

type Size = (index: number) => HostileMessage;

const SIZES: readonly [Size, ...Size[]] = [
  (index) => padded(index, 100_000),
  (index) =>
    rowMessage(`{${head(index)},"list":[${Array.from({ length: ELEMENTS }, (_, at) => at).join(',')}]}`),
  (index) =>
    rowMessage(
      `{${head(index)},"fields":{${Array.from({ length: FIELDS }, (_, at) => `"f${at}":"${'v'.repeat(1_000)}"`).join(',')}}}`,
    ),
  (index) => padded(index, 4_000_000),
  (index) => padded(index, LARGEST_TEXT_BYTES),
  (index) => ({ ...padded(index, TOO_LARGE_TEXT_BYTES), expected: 'TOO_LARGE' }),
];

/** Events near Pub/Sub's limit, and one within Pub/Sub's limit but beyond that of a row. */
export const huge: Scenario = {
  name: 'huge',
  summary: 'Texts to 9.6 MB, an array of 100,000 numbers, a record of 250 long texts.',
  outcome: 'A row for each; the one beyond 9,500,000 bytes is a dead letter `TOO_LARGE`.',
  messageAt: (_faker, index) => inTurn(SIZES, index)(index),
};

function head(index: number): string {
  return `"event_type":"scenario_huge","sequence":${index}`;
}

function padded(index: number, bytes: number): HostileMessage {
  return rowMessage(`{${head(index)},"text":"${'x'.repeat(bytes)}"}`);
}
