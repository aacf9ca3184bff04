import type { ContractCase } from './contract/contract-case.builder.js';
import { policyCases } from './contract/policies.contract.js';
import { publishingCases } from './contract/publishing.contract.js';
import { pullingCases } from './contract/pulling.contract.js';
import { pushCases } from './contract/push.contract.js';
import { resourceCases } from './contract/resources.contract.js';
import { restCases } from './contract/rest.contract.js';
import { streamingCases } from './contract/streaming.contract.js';

/** Behaviour that the pipeline and its users depend on, by chapter; run against this emulator and Google's. */
export function pubsubContract(): readonly (readonly [chapter: string, cases: readonly ContractCase[]])[] {
  return [
    ['resources', resourceCases()],
    ['publishing', publishingCases()],
    ['pulling', pullingCases()],
    ['streaming', streamingCases()],
    ['policies', policyCases()],
    ['push', pushCases()],
    ['REST', restCases()],
  ];
}
