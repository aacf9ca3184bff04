export { InMemoryHistory } from './in-memory-history.fake.js';
export { InMemoryTables, type TableCall } from './in-memory-tables.fake.js';
export { describeHistoryContract, type HistoryUnderTest } from './schema-history.contract.js';
export { describeTablesContract, type TablesUnderTest } from './table-store.contract.js';
