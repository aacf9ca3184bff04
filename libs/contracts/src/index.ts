export {
  checkStatements,
  type CheckPlan,
  type CheckStatement,
  type ContractCheck,
  type UncheckedRule,
} from './checks/check-statements.js';
export { breaking, type BreakingChange } from './compare/breaking.js';
export { classify, type ChangeClass } from './compare/classify.js';
export { diff, pathText, type Difference } from './compare/diff.js';
export {
  problemText,
  type Contract,
  type ContractColumn,
  type ContractProblem,
  type ContractRule,
  type DatasetContract,
  type TableContract,
} from './model/contract.js';
export { readContract, type ReadContract } from './odcs/read-contract.js';
export { withMissingColumns, withTable } from './odcs/update-contract.js';
export { datasetContractText, tableContractText } from './odcs/write-contract.js';
