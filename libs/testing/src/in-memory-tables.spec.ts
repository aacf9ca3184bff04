import { InMemoryTables } from './in-memory-tables.fake.js';
import { describeTablesContract } from './table-store.contract.js';

describeTablesContract('InMemoryTables', () => {
  const tables = new InMemoryTables();
  return Promise.resolve({
    store: tables,
    appender: tables,
    rows: (tableId) => Promise.resolve(tables.rows(tableId)),
    viewQuery: (tableId) => `SELECT * FROM ${tableId}`,
    storeWithoutDataset: null,
    stop: () => Promise.resolve(),
  });
});
