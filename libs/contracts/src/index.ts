export { breaking, type BreakingChange } from './compare/breaking.js';
export { classify, type ChangeClass } from './compare/classify.js';
export { diff, pathText, type Difference } from './compare/diff.js';
export {
  problemText,
  type Contract,
  type ContractColumn,
  type ContractProblem,
  type TableContract,
} from './model/contract.js';
export { readContract, type ReadContract } from './odcs/read-contract.js';
export { datasetContractText, tableContractText, withMissingColumns } from './odcs/write-contract.js';
