import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import type { ContractProblem } from '../model/contract.js';
import { ContractDto } from './contract.dto.js';
import type { ContractDocument, DocumentPath } from './contract-document.js';

/** Checks the shape of a file: what the pipeline reads of it has the right kind. What it does not read is not judged. */
export function validateContract(
  document: ContractDocument,
): { readonly contract: ContractDto } | { readonly problems: readonly ContractProblem[] } {
  const { file } = document;
  const problemAt = (line: number, problem: string, remedy: string): ContractProblem => ({
    file,
    line,
    problem,
    remedy,
  });
  if (document.problems.length > 0) return { problems: document.problems };
  let value: unknown;
  try {
    value = document.value();
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return {
      problems: [problemAt(1, error.message.replace(/\.$/, ''), 'Write the values out instead of an alias')],
    };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return {
      problems: [problemAt(1, 'The file is empty or no object', 'Create one with pipeline contracts init')],
    };
  }
  const contract = plainToInstance(ContractDto, value);
  const errors = validateSync(contract, { forbidUnknownValues: true });
  if (errors.length === 0) return { contract };
  return { problems: errors.flatMap((error) => problemsOf(error, [], document)) };
}

function problemsOf(
  error: ValidationError,
  above: DocumentPath,
  document: ContractDocument,
): readonly ContractProblem[] {
  const step = /^\d+$/.test(error.property) ? Number(error.property) : error.property;
  const path = [...above, step];
  const own = Object.entries(error.constraints ?? {})
    .slice(0, 1)
    .map(([rule, message]) => ({
      file: document.file,
      line: document.line(path),
      problem: `${placeOf(path)}: ${message}`,
      remedy: remedyOf(error, rule),
    }));
  return [...own, ...(error.children ?? []).flatMap((child) => problemsOf(child, path, document))];
}

function remedyOf({ contexts }: ValidationError, rule: string): string {
  const contextsByRule = contexts as Readonly<Record<string, { readonly remedy?: string }>> | undefined;
  return contextsByRule?.[rule]?.remedy ?? 'See docs/CONTRACTS.md';
}

/** `schema[0].properties[2].required` */
export function placeOf(path: DocumentPath): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`))
    .join('');
}
