import type { ContractStep } from '@pipeline/bigquery-tables';

/** One step of a plan as a line: `!` a verb, `+` a column, `~` a wider type, `x` a type that is left alone. */
export function renderStep(step: ContractStep): string {
  switch (step.kind) {
    case 'create':
      return '  + table';
    case 'verb':
      return `  ! ${step.path === '' ? 'table' : step.path}: pipeline.${step.name} ${step.from ?? 'as the table'} → ${step.to ?? 'as the table'}`;
    case 'add':
      return `  + ${step.path} ${step.type}`;
    case 'widen':
      return `  ~ ${step.path} ${step.from} → ${step.to}`;
    case 'conflict':
      return `  x ${step.path} is ${step.from}, not ${step.to}: left alone, see pipeline retype`;
  }
}
