import { describe } from '@jest/globals';
import { describeQueries } from './contract/queries.contract.js';
import { describeResources } from './contract/resources.contract.js';
import { describeRows } from './contract/rows.contract.js';
import { type BigqueryUnderTest, ContractSession } from './contract/session.contract.js';

/** Behaviour that the pipeline relies on, through Google's own client; each fact follows the document that the README names. */
export function describeBigquery(name: string, start: () => Promise<BigqueryUnderTest>): void {
  describe(`${name}, through @google-cloud/bigquery`, () => {
    const session = new ContractSession(start);
    describeResources(session);
    describeRows(session);
    describeQueries(session);
  });
}
