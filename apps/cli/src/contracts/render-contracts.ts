import {
  classify,
  pathText,
  type ChangeClass,
  type Difference,
  type TableContract,
} from '@pipeline/contracts';

/** A difference with the class of the change that would remove it. */
export type ClassifiedDifference = Difference & { readonly class: ChangeClass };

/** The differences of one table. */
export interface TableDifferences {
  readonly file: string;
  readonly table: string;
  /** False if there is no such table: the first event of its type creates it. */
  readonly exists: boolean;
  readonly differences: readonly ClassifiedDifference[];
}

/** Classifies the differences of a table by the verbs of its contract. */
export function classified(
  contract: TableContract,
  differences: readonly Difference[],
): readonly ClassifiedDifference[] {
  return differences.map((difference) => ({ ...difference, class: classify(difference, contract) }));
}

const CLASS_WORDS: Readonly<Record<ChangeClass, string>> = {
  compatible: 'comes by itself',
  'needs-approval': 'needs an approval',
  forbidden: 'never made by events; see pipeline retype',
};

/** One line for each difference; a sentence for a table that agrees. */
export function renderDifferences(tables: readonly TableDifferences[]): string {
  return tables.map(renderTable).join('\n');
}

function renderTable({ file, table, exists, differences }: TableDifferences): string {
  if (!exists) return `${table}: there is no such table yet. Its first event creates it. (${file})`;
  if (differences.length === 0) return `${table}: the table is as ${file} describes it.`;
  return [
    `${table}: ${differences.length} differences from ${file}`,
    ...differences.map(renderDifference),
  ].join('\n');
}

function renderDifference(difference: ClassifiedDifference): string {
  const path = pathText(difference.path);
  switch (difference.kind) {
    case 'missing':
      return `  + ${path} ${difference.to}: only in the contract, line ${difference.line}; ${CLASS_WORDS[difference.class]}`;
    case 'undeclared':
      return `  - ${path} ${difference.from}: only in the table; pipeline contracts init --update writes it down`;
    case 'type':
      return `  ~ ${path}: ${difference.from} in the table, ${difference.to} in the contract, line ${difference.line}; ${CLASS_WORDS[difference.class]}`;
  }
}
