import type { Identity } from '../access/access.js';
import type { Role } from '../access/role.js';

/** The actions of the console. */
export const ACTION_NAMES = [
  'replay',
  'dismiss',
  'export',
  'promote',
  'retype',
  'approve',
  'reject',
  'deep-audit',
  'publish',
] as const;

/** One of {@link ACTION_NAMES}. */
export type ActionName = (typeof ACTION_NAMES)[number];

/** The means of an action while it runs. */
export interface RunContext {
  /** Aborted if the person stops the action, leaves, or the service ends. */
  readonly signal: AbortSignal;
  /** `total` is null if it is unknown. */
  readonly onProgress: (done: number, total: number | null) => void;
  /** One line of a file that the action produces. */
  readonly onLine: (line: string) => void;
}

/** The effect of an action, and the way to do exactly that. */
export interface Previewed {
  /** The choices with every relative time resolved, for the log. */
  readonly input: object;
  /** The effect, as the command prints it with `--json`. */
  readonly figures: object;
  /** Does it. @returns the effect, as the command prints it with `--json` */
  readonly run: (context: RunContext) => Promise<object>;
}

/** One kind of action. */
export interface ActionKind<Input extends object = object> {
  readonly name: ActionName;
  /** Least role that may preview and run it. */
  readonly role: Role;
  /** Class with the rules of the input. */
  readonly Input: new () => Input;
  /** Reads only. */
  preview(input: Input, identity: Identity): Promise<Previewed>;
}
