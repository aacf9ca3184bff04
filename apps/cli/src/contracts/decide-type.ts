import { TypeApprover, type EventRouting, type TypeDecision } from '@pipeline/books';
import { EXIT, UsageError } from '../command/exit-codes.js';
import { routingOf } from '../command/routing-options.js';
import type { CommandContext } from '../command/run-command.js';
import { createDecidingTools } from './deciding-tools.js';
import { releaseText, withRelease } from './releasing.js';
import { earlierLines } from './render-decision.js';

export interface TypeOptions extends EventRouting {
  readonly topic: string;
}

/** Approves an event type: its table is created, and its messages are replayed. @returns the exit code */
export async function approveType(
  type: string,
  reason: string | null,
  options: TypeOptions,
  context: CommandContext,
): Promise<number> {
  const decision = await decide(options, context, (approver) => approver.approve(type, reason));
  context.print(renderTypeDecision(decision, type), decision);
  return decision.kind === 'approved' && decision.left > 0 ? EXIT.FOUND : EXIT.OK;
}

/** Rejects an event type: its messages stay where they are. @returns the exit code */
export async function rejectType(
  type: string,
  reason: string,
  options: TypeOptions,
  context: CommandContext,
): Promise<number> {
  const decision = await decide(options, context, (approver) => approver.reject(type, reason));
  context.print(renderTypeDecision(decision, type), decision);
  return decision.kind === 'exists' ? EXIT.FOUND : EXIT.OK;
}

function decide(
  options: TypeOptions,
  context: CommandContext,
  use: (approver: TypeApprover) => Promise<TypeDecision>,
): Promise<TypeDecision> {
  const routing = routingOf(options);
  const tables = createDecidingTools(context.client).types;
  return withRelease({ topic: options.topic, routing }, context, (release) =>
    use(new TypeApprover({ ...release, tables, routing })),
  );
}

/** A decision about an event type in words. @throws UsageError if there was nothing to decide */
export function renderTypeDecision(decision: TypeDecision, type: string): string {
  switch (decision.kind) {
    case 'nothing-waits':
      throw new UsageError(
        `No event of type ${type} waits for an approval, and there is no table ${type}: see pipeline contracts pending. ` +
          'A contract file, applied with pipeline contracts apply, approves a type before its first event.',
      );
    case 'exists':
      return [
        `The table ${decision.table} exists, and no event waits for it: there is nothing to decide, and nothing was deleted.`,
        ...earlierLines(decision.earlier),
      ].join('\n');
    case 'rejected':
      return [
        decision.earlier?.kind === 'REJECT_CHANGE'
          ? `${type} was rejected before, and still is: ${decision.waiting} events stay whole where they are.`
          : `${type} is rejected: ${decision.waiting} events stay whole where they are, and so do those to come. pipeline approve undoes it.`,
        ...earlierLines(decision.earlier),
      ].join('\n');
    case 'approved':
      return [
        `Approved: ${type}. The table ${decision.table} ${decision.created ? 'was created' : 'exists'}. ${releaseText(decision)}`,
        ...earlierLines(decision.earlier),
      ].join('\n');
  }
}
