import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { formatCount, visibleText } from '../format';
import { actionWords as words } from '../messages/actions';
import { Foreign } from '../ui/text';

/** The effect of an action in words; `isNothing` if there is nothing to confirm. */
export interface Effects {
  readonly lines: readonly string[];
  readonly isNothing?: boolean;
  readonly isBad?: boolean;
  readonly more?: ReactNode;
}

interface ReplayFigures {
  readonly published: number;
  readonly wouldPublish: number;
  readonly hopeless: number;
  readonly refused: number;
  readonly impossible: number;
  readonly outcomes: readonly {
    readonly reason: string;
    readonly outcome: string;
    readonly messages: number;
    readonly sample: string;
  }[];
}

interface Day {
  readonly rowsChanged: number;
  readonly valuesMoved: number;
  readonly valuesOverflowed: number;
  readonly bytesProcessed: number;
  readonly detail: string | null;
}

interface Decision {
  readonly kind: string;
  readonly path: string;
  readonly type: string | null;
  readonly values: number;
  readonly estimatedBytes: number;
  readonly changes: readonly { readonly path: string; readonly type: string }[];
  readonly run: { readonly days: readonly Day[] };
  readonly left: number;
  readonly waiting: number;
  readonly column: string;
  /** The table; in an outcome, of a decision about an event type only. */
  readonly table?: string;
  readonly eventType?: string;
  /** Events that were published again, if the decision was about an event type. */
  readonly replayed?: number;
}

type Describe = (figures: never, input: Readonly<Record<string, unknown>>) => Effects;

/** The column of a change that exists, or the table of an event type. */
const nameOf = ({ column, table }: { readonly column?: string; readonly table?: string }): string =>
  column ?? table ?? '';

const sum = (
  days: readonly Day[],
  field: 'rowsChanged' | 'valuesMoved' | 'valuesOverflowed' | 'bytesProcessed',
): number => days.reduce((total, day) => total + day[field], 0);

const details = (days: readonly Day[]): readonly string[] => [
  ...new Set(days.flatMap(({ detail }) => (detail === null ? [] : [detail]))),
];

function leftAlone({ hopeless, refused, impossible }: ReplayFigures): readonly string[] {
  return [
    ...(hopeless > 0 ? [words.replay.hopeless(hopeless)] : []),
    ...(refused > 0 ? [words.replay.refused(refused)] : []),
    ...(impossible > 0 ? [words.replay.impossible(impossible)] : []),
  ];
}

function Outcomes({ outcomes }: Pick<ReplayFigures, 'outcomes'>): ReactNode {
  const { head } = words.replay;
  return (
    <table className="figures">
      <thead>
        <tr>
          <th scope="col">{head.reason}</th>
          <th scope="col">{head.outcome}</th>
          <th scope="col">{head.messages}</th>
          <th scope="col">{head.sample}</th>
        </tr>
      </thead>
      <tbody>
        {outcomes.map(({ reason, outcome, messages, sample }) => (
          <tr key={`${reason} ${outcome}`}>
            <td>
              <Foreign text={reason} mono />
            </td>
            <td>
              <Foreign text={outcome} />
            </td>
            <td>{formatCount(messages)}</td>
            <td>
              <Link href={`/event/${encodeURIComponent(sample)}`}>
                <Foreign text={sample} mono />
              </Link>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface RetypeFigures {
  readonly kind: string;
  readonly retired: string;
  readonly added: string;
  readonly left: number;
  readonly run: { readonly days: readonly Day[] };
}

function retypeEffects({ kind, retired, added, run, left }: RetypeFigures): Effects {
  if (kind === 'done') return { lines: [words.retype.done] };
  if (kind === 'missing') return { lines: [words.retype.missing], isNothing: true };
  const isDone = kind === 'retyped';
  const overflowed = sum(run.days, 'valuesOverflowed');
  return {
    lines: [
      words.retype[isDone ? 'did' : 'would'](retired, added, sum(run.days, 'valuesMoved')),
      ...(overflowed > 0 ? [words.retype.overflowed(overflowed)] : []),
      ...(isDone && left > 0 ? [words.retype.left(left)] : []),
      ...(isDone ? [] : [words.promote.cost(sum(run.days, 'bytesProcessed'))]),
      ...details(run.days),
    ],
  };
}

/** Effects of previews, by action. */
const PREVIEWS: Readonly<Record<string, Describe>> = {
  replay: (figures: ReplayFigures) => {
    const { wouldPublish, hopeless, refused, impossible, outcomes } = figures;
    const total = wouldPublish + hopeless + refused + impossible;
    if (total === 0) return { lines: [words.replay.none], isNothing: true };
    return {
      lines: [words.replay.would(wouldPublish, total), ...leftAlone(figures)],
      isNothing: wouldPublish === 0,
      more: <Outcomes outcomes={outcomes} />,
    };
  },
  dismiss: ({ messages }: { readonly messages: number }, { undo }) => ({
    lines: [undo === true ? words.dismiss.wouldUndo(messages) : words.dismiss.would(messages)],
    isNothing: messages === 0,
  }),
  export: ({ messages, bytes }: { readonly messages: number; readonly bytes: number }) => ({
    lines: [words.export.would(messages, bytes)],
    isNothing: messages === 0,
  }),
  promote: ({ days }: { readonly days: readonly Day[] }) => {
    const moved = sum(days, 'valuesMoved');
    if (moved === 0) return { lines: [words.promote.nothing, ...details(days)], isNothing: true };
    return {
      lines: [
        words.promote.would(moved, sum(days, 'rowsChanged')),
        words.promote.cost(sum(days, 'bytesProcessed')),
        ...details(days),
      ],
    };
  },
  retype: retypeEffects,
  approve: ({ kind, path, type, values, estimatedBytes, table, eventType }: Decision) => ({
    lines:
      kind === 'interrupted'
        ? [words.decide.wouldContinue(table ?? '', values)]
        : kind === 'type'
          ? [words.decide.wouldCreate(table ?? '', eventType ?? '', values)]
          : [
              words.decide.would(kind, path, type),
              words.decide.held(values),
              words.decide.cost(estimatedBytes),
            ],
  }),
  reject: ({ kind, values }: Decision) => ({
    lines:
      kind === 'type'
        ? [words.decide.heldEvents(values), words.decide.staysQuarantined]
        : [words.decide.held(values), words.decide.stays],
  }),
  'deep-audit': ({ estimatedBytes }: Decision) => ({ lines: [words.deepAudit.would(estimatedBytes)] }),
  publish: ({ events }: { readonly events: number }) => ({ lines: [words.publish.would(events)] }),
};

/** Effects of outcomes, by action. */
const RESULTS: Readonly<Record<string, Describe>> = {
  replay: (figures: ReplayFigures) => ({
    lines: [words.replay.did(figures.published), ...leftAlone(figures)],
  }),
  dismiss: ({ marked }: { readonly marked: number }) => ({ lines: [words.dismiss.did(marked)] }),
  export: ({ exported }: { readonly exported: number }) => ({ lines: [words.export.did(exported)] }),
  promote: ({ days }: { readonly days: readonly Day[] }) => ({
    lines: [words.promote.did(sum(days, 'valuesMoved'), sum(days, 'rowsChanged')), ...details(days)],
  }),
  retype: retypeEffects,
  approve: (decision: Decision) => {
    if (decision.kind === 'exists') return { lines: [words.decide.exists(nameOf(decision))] };
    if (decision.kind !== 'approved') return { lines: [words.decide.nothing] };
    if (decision.replayed !== undefined)
      return {
        lines: [
          words.decide.released(decision.table ?? '', decision.replayed, decision.left),
          ...(decision.left > 0 ? [words.decide.continues(decision.table ?? '')] : []),
        ],
      };
    const changes = decision.changes.map(({ path, type }) => `${path} ${type}`).join(', ');
    return {
      lines: [
        words.decide.approved(changes, sum(decision.run.days, 'valuesMoved')),
        ...(decision.left > 0 ? [words.decide.left(decision.left)] : []),
      ],
    };
  },
  reject: (decision: Decision) => {
    if (decision.kind === 'exists') return { lines: [words.decide.exists(nameOf(decision))] };
    if (decision.kind !== 'rejected') return { lines: [words.decide.nothing] };
    const said = decision.table === undefined ? words.decide.rejected : words.decide.rejectedType;
    return { lines: [said(decision.waiting)] };
  },
  'deep-audit': ({
    rows,
    leaves,
    altered,
  }: {
    readonly rows: number;
    readonly leaves: number;
    readonly altered: number;
  }) => ({
    lines: [altered === 0 ? words.deepAudit.exact(rows, leaves) : words.deepAudit.altered(altered)],
    isBad: altered > 0,
  }),
  publish: ({ messageIds }: { readonly messageIds: readonly string[] }) => ({
    lines: [words.publish.did(messageIds.length)],
    more: (
      <ul className="ids">
        {messageIds.slice(0, 20).map((id) => (
          <li key={id}>
            <Link href={`/event/${encodeURIComponent(id)}`}>
              <Foreign text={id} mono />
            </Link>
          </li>
        ))}
      </ul>
    ),
  }),
};

/** The effect of an action before it begins. */
export function previewEffects(kind: string, figures: unknown, input: object): Effects {
  return PREVIEWS[kind]?.(figures as never, input as Readonly<Record<string, unknown>>) ?? { lines: [] };
}

/** The effect of an action that ended. */
export function resultEffects(kind: string, result: unknown): Effects {
  return result === null ? { lines: [] } : (RESULTS[kind]?.(result as never, {}) ?? { lines: [] });
}

/** Words and tables of an effect. */
export function Effect({
  effects: { lines, more, isBad = false },
}: {
  readonly effects: Effects;
}): ReactNode {
  return (
    <div className={isBad ? 'bad-text' : undefined}>
      {lines.map((line, index) => (
        <p key={line} className={index === 0 ? 'state-title' : 'muted'}>
          {visibleText(line)}
        </p>
      ))}
      {more}
    </div>
  );
}
