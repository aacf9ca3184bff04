import { InMemoryHistory } from './in-memory-history.fake.js';
import { describeHistoryContract } from './schema-history.contract.js';

describeHistoryContract('InMemoryHistory', () =>
  Promise.resolve({ history: new InMemoryHistory(), stop: () => Promise.resolve() }),
);
