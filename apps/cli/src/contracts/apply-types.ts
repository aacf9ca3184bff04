import { releaseTypes, tablesOfHeld, type Release } from '@pipeline/books';
import type { NewTypesStep } from '@pipeline/bigquery-tables';
import type { DatasetContract } from '@pipeline/contracts';
import { countOf } from '../command/count-words.js';
import { routingOf } from '../command/routing-options.js';
import type { CommandContext } from '../command/run-command.js';
import type { TypeOptions } from './decide-type.js';
import { createDecidingTools } from './deciding-tools.js';
import { releaseText, withRelease } from './releasing.js';

/** The result for the contract of the dataset. `step` is null if the verb is the contract's already. */
export interface AppliedTypes {
  readonly kind: 'dataset';
  readonly file: string;
  readonly step: NewTypesStep | null;
  /** Events that waited for an approval of their type, once the verb is `evolve`; null if none did, or none was asked for. */
  readonly release: Release | null;
}

/** The step from the verb for new event types to that of a contract. */
export async function planTypes(
  { file, newTypes }: DatasetContract,
  { client }: CommandContext,
): Promise<AppliedTypes> {
  const step = await createDecidingTools(client).types.planVerb(newTypes);
  return { kind: 'dataset', file, step, release: null };
}

/** Writes the verb for new event types; under `evolve` the events that waited for an approval are replayed in the same run. */
export async function applyTypes(
  { file, newTypes }: DatasetContract,
  options: TypeOptions,
  context: CommandContext,
): Promise<AppliedTypes> {
  const step = await createDecidingTools(context.client).types.applyVerb(newTypes);
  const release = newTypes === 'evolve' ? await releaseHeld({}, options, context) : null;
  return { kind: 'dataset', file, step, release };
}

/** Replays the messages that wait for tables which contracts approve; `release` of a table is null if none waits for it. */
export async function releaseTables<Applied extends { readonly table: string }>(
  tables: readonly Applied[],
  options: TypeOptions,
  context: CommandContext,
): Promise<readonly (Applied & { readonly release: Release | null })[]> {
  if (tables.length === 0) return [];
  const held = await tablesOfHeld(context.sql);
  const released: (Applied & { readonly release: Release | null })[] = [];
  for (const applied of tables) {
    const { table } = applied;
    const release = held.has(table) ? await releaseHeld({ table }, options, context) : null;
    released.push({ ...applied, release });
  }
  return released;
}

async function releaseHeld(
  held: { readonly table?: string },
  options: TypeOptions,
  context: CommandContext,
): Promise<Release | null> {
  const routing = routingOf(options);
  const release = await withRelease({ topic: options.topic, routing }, context, (tools) =>
    releaseTypes(held, tools),
  );
  return release.replayed + release.left === 0 ? null : release;
}

export function renderPlannedTypes({ file, step }: AppliedTypes): string {
  return step === null
    ? 'dataset: nothing to do.'
    : `dataset: ${file}\n  ! dataset: pipeline.newTypes ${step.from} → ${step.to}`;
}

export function renderAppliedTypes({ step, release }: AppliedTypes): string {
  const made = `dataset: ${countOf(step === null ? 0 : 1, 'change')} made.`;
  return release === null ? made : `${made} ${releaseText(release)}`;
}
