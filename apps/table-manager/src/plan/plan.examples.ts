import type { PlanReport } from '@pipeline/bigquery-tables';

/** Two events, and a line that is not an event. */
export function exampleLines(): string {
  return [
    '{"event_type":"order","order_id":"o_1","total":"much"}',
    '{"event_type":"order","gift":true}',
    'hello',
  ].join('\n');
}

/** Their plan for a table without a column for the gift and with a number for the total. */
export function examplePlan(): PlanReport {
  return {
    events: 2,
    rejected: {
      count: 1,
      byCode: { NOT_JSON: 1 },
      samples: [{ line: 3, code: 'NOT_JSON', detail: 'the data is not JSON' }],
    },
    tables: [
      {
        table: 'orders',
        action: 'change',
        problem: null,
        events: 2,
        eventTypes: ['order'],
        changes: [{ kind: 'ADD_COLUMN', path: 'gift', from: null, to: 'BOOL' }],
        ddl: ['ALTER TABLE `local-project`.`prod_events_dataset`.`orders` ADD COLUMN `gift` BOOL;'],
        conflicts: [
          { reason: 'TYPE_CONFLICT', at: '/total', count: 1, sample: { pointer: '/total', line: 1 } },
        ],
        columns: { used: 10, budget: 5000 },
        warnings: [],
      },
    ],
    unplanned: 0,
  };
}
