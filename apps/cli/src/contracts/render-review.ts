import { codeSpan } from './pull-requests.js';
import { ruleText, violationsText } from './render-checks.js';
import { renderStep } from './render-step.js';
import type { ReviewedFile } from './review-contracts.js';

/** The first line of the comment of a review, by which it is found and replaced. */
export const REVIEW_MARK = '<!-- pipeline contracts review -->';

/** The review as Markdown. Texts of events and files are in code spans, so that they are neither links nor mentions. */
export function renderReview(files: readonly ReviewedFile[], head: string): string {
  const at = `As of ${head.slice(0, 12)}. Merging applies it; rows land in any case.`;
  const sections = files.length === 0 ? ['No contract changes.'] : files.map(renderFile);
  return ['## Contracts', '', ...sections, at].join('\n');
}

function renderFile(reviewed: ReviewedFile): string {
  const title = `### ${codeSpan(reviewed.file)}\n`;
  switch (reviewed.kind) {
    case 'mistakes':
      return [title, '**Mistakes**\n', ...reviewed.mistakes.map((text) => `- ${codeSpan(text)}`), ''].join(
        '\n',
      );
    case 'removed':
      return `${title}\nThe file is removed. The table keeps the verbs that were applied: apply ${codeSpan('evolve')} first to end them.\n`;
    case 'dataset':
      return `${title}\nThe contract of the dataset changes.\n`;
    case 'table':
      return [title, ...planLines(reviewed), ...breakingLines(reviewed), ...checkLines(reviewed), ''].join(
        '\n',
      );
  }
}

type ReviewedTable = Extract<ReviewedFile, { readonly kind: 'table' }>;

function planLines({ steps, waiting }: ReviewedTable): readonly string[] {
  const lines = ['**Plan**\n'];
  const waits =
    waiting === 0
      ? ''
      : ` ${waiting} values wait in ${codeSpan('_overflow')}; those that get a column are moved.`;
  if (steps.length === 0) return [...lines, `Nothing to do: the table is as the file says.${waits}\n`];
  return [
    ...lines,
    ...steps.map((step) => `- ${codeSpan(renderStep(step).trim())}`),
    '',
    ...(waits === '' ? [] : [`${waits.trim()}\n`]),
  ];
}

function breakingLines({ breaking }: ReviewedTable): readonly string[] {
  if (breaking.length === 0) return ['**Breaking changes**: none.\n'];
  return [
    '**Breaking changes** for readers of the table\n',
    ...breaking.map(({ level, place, message }) => `- ${level}: ${codeSpan(`${place}: ${message}`)}`),
    '',
  ];
}

function checkLines({ checks }: ReviewedTable): readonly string[] {
  if (checks.length === 0) return ['**Checks**: none in this file.\n'];
  const violated = checks.filter(({ violations }) => violations !== 0);
  if (violated.length === 0) return [`**Checks**: ${checks.length}, none violated in the last 24 hours.\n`];
  return [
    '**Checks** over the last 24 hours\n',
    '| column | rule | violations |',
    '|---|---|---|',
    ...violated.map(
      (check) => `| ${codeSpan(check.path)} | ${codeSpan(ruleText(check.rule))} | ${violationsText(check)} |`,
    ),
    '',
  ];
}

/** True if a person must change the file: a mistake, or a type that no plan can make. */
export function needsWork(reviewed: ReviewedFile): boolean {
  if (reviewed.kind === 'mistakes') return true;
  return reviewed.kind === 'table' && reviewed.steps.some(({ kind }) => kind === 'conflict');
}
