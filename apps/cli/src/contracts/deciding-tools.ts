import { createTableTools, type TableTools } from '@pipeline/bigquery-tables';
import type { BigqueryClient } from '@pipeline/google-clients';
import { CLI_ACTOR } from '../command/version.js';

/**
 * The program with the person: GitHub's user of a workflow, else the user of this machine.
 *
 * Shape: `cli@0.1.0 (ada)`.
 */
export function actorOf(environment: Readonly<Record<string, string | undefined>>): string {
  const person = environment['GITHUB_ACTOR'] ?? environment['USER'];
  return person === undefined || person === '' ? CLI_ACTOR : `${CLI_ACTOR} (${person})`;
}

/** Creates the means to decide under the name of the person. */
export function createDecidingTools(
  client: BigqueryClient,
): Pick<TableTools, 'approver' | 'applier' | 'types'> {
  return createTableTools(client, { actor: CLI_ACTOR, decidedBy: actorOf(process.env) });
}
