import { sha256Hex } from '../values/sha256.js';
import { CHANGE_VERBS, type ChangeVerb } from './column.js';

/** The pipeline's record about a column, the last line of its description. */
export interface PipelineNote {
  /** The event key, if it is not the column's name. */
  readonly key?: string;
  /** SHA-256 of the key as 64 hex digits, if the key itself does not fit. */
  readonly keySha256?: string;
  /** True on a RECORD that takes no more children. */
  readonly closed?: true;
  /** True on a column that a retype replaced: another column has its key. */
  readonly retired?: true;
  /** True on a STRING column that takes numbers as text. */
  readonly numbersAsText?: true;
  /** A contract's verb for new fields of a RECORD and of records in it. */
  readonly newColumns?: ChangeVerb;
  /** A contract's verb for wider types of the column and of its fields. */
  readonly typeChanges?: ChangeVerb;
}

const PREFIX = 'pipeline:';
/** BigQuery's limit for a column description; counted in UTF-16 units here. Source: BigQuery quotas, read 2026-11-22. */
const MAX_DESCRIPTION = 1_024;

/** Reads the note of a description; text that is not exactly a note belongs to the user and gives an empty note. */
export function readNote(description: string | undefined): PipelineNote {
  if (description === undefined) return {};
  const line = description.slice(description.lastIndexOf('\n') + 1);
  if (!line.startsWith(PREFIX)) return {};
  try {
    return toNote(JSON.parse(line.slice(PREFIX.length)));
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function toNote(value: unknown): PipelineNote {
  if (typeof value !== 'object' || value === null) return {};
  const fields = new Map<string, unknown>(Object.entries(value));
  const key = fields.get('key');
  const keySha256 = fields.get('keySha256');
  return {
    ...(typeof key === 'string' ? { key } : {}),
    ...(typeof keySha256 === 'string' ? { keySha256 } : {}),
    ...(fields.get('closed') === true ? { closed: true } : {}),
    ...(fields.get('retired') === true ? { retired: true } : {}),
    ...(fields.get('numbersAsText') === true ? { numbersAsText: true } : {}),
    ...verbOf(fields, 'newColumns'),
    ...verbOf(fields, 'typeChanges'),
  };
}

function verbOf(
  fields: ReadonlyMap<string, unknown>,
  name: 'newColumns' | 'typeChanges',
): { readonly [name: string]: ChangeVerb } {
  const verb = CHANGE_VERBS.find((candidate) => candidate === fields.get(name));
  return verb === undefined ? {} : { [name]: verb };
}

/**
 * Returns a description: the user's text, never cut, then the note as the last line.
 *
 * A key that does not fit is recorded by its hash; if even the hash does not fit beside the text, the note is left out.
 * Undefined if both are empty.
 */
export function writeDescription(text: string, note: PipelineNote): string | undefined {
  const { key, ...rest } = note;
  const line = noteLine(note);
  if (line === null) return text === '' ? undefined : text;
  if (fits(text, line)) return join(text, line);
  const hashed = key === undefined ? line : (noteLine({ keySha256: sha256Hex(key), ...rest }) ?? '');
  return fits(text, hashed) ? join(text, hashed) : text;
}

/** Returns the user's part of a description. */
export function peopleText(description: string | undefined): string {
  if (description === undefined || Object.keys(readNote(description)).length === 0) return description ?? '';
  const lineAt = description.lastIndexOf('\n');
  return lineAt < 0 ? '' : description.slice(0, lineAt);
}

function noteLine(note: PipelineNote): string | null {
  if (Object.keys(note).length === 0) return null;
  const { key, keySha256, closed, retired, numbersAsText, newColumns, typeChanges } = note;
  const fields = { key, keySha256, closed, retired, numbersAsText, newColumns, typeChanges };
  const json = JSON.stringify(fields);
  return json === '{}' ? null : PREFIX + json;
}

function join(text: string, line: string): string {
  return text === '' ? line : `${text}\n${line}`;
}

function fits(text: string, line: string): boolean {
  return join(text, line).length <= MAX_DESCRIPTION;
}
