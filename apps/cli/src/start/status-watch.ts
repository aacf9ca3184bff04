import { sumCounts, type BooksCounts, type TableState } from '@pipeline/books';
import { createLogUpdate } from 'log-update';
import { pause } from './event-source.js';
import { renderProgress, renderStatus, type Status, type Trouble } from './render-status.js';
import { describeChange, type TableChange } from './table-changes.js';
import type { RunBooks } from './run-books.js';
import type { Warehouse } from './warehouse.js';

const POLL_MS = 500;
/** Pause while nothing changes. */
const REST_POLL_MS = 1_000;
const CLEAR_SCREEN = '\u001b[2J\u001b[H';
/** Looks between two questions for the reasons of dead letters and overflow. */
const TROUBLE_EVERY = 4;
/** A message of a laptop without an outcome is unaccounted after this time. */
const IN_PROGRESS_MS = 120_000;
/** Without a terminal that can redraw, a line when something changed, at most this often. */
const LINE_EVERY_MS = 2_000;

/** The warehouse as the view reads it. */
type WatchedWarehouse = Pick<Warehouse, 'mark' | 'tables' | 'books' | 'trouble' | 'notReceived'>;

/** Looks at the warehouse twice a second and shows it; once a second while nothing changes, and then a look reads no row. */
export class StatusWatch {
  private readonly publishedIds = new Set<string>();
  private readonly changes = new Map<string, TableChange>();
  private tables: readonly TableState[] = [];
  private totals: BooksCounts = sumCounts([]);
  private trouble: Trouble = { overflow: new Map(), deadLetters: new Map() };
  private readonly draw = createLogUpdate(process.stdout, { showCursor: true });
  private readonly problems = new Map<'BigQuery' | 'publishing', string>();
  private lastLine = '';
  private lastLineAtMs = 0;
  private looks = 0;
  private mark = '';
  /** Everything has been asked once more since the last change. */
  private isComplete = false;

  constructor(
    private readonly warehouse: WatchedWarehouse,
    private readonly display: { readonly redraw: boolean; readonly pollMs?: number },
  ) {}

  published(messageIds: readonly string[]): void {
    for (const id of messageIds) this.publishedIds.add(id);
  }

  /** Sets the problem of publishing; `undefined` clears it. */
  problem(text: string | undefined): void {
    this.note('publishing', text);
  }

  async showUntil(signal: AbortSignal): Promise<void> {
    // Lines that wrapped at the old width are not where they were.
    const clear = (): boolean => process.stdout.write(CLEAR_SCREEN);
    if (this.display.redraw) process.stdout.on('resize', clear);
    while (!signal.aborted) {
      await this.look();
      await pause(this.display.pollMs ?? (this.isComplete ? REST_POLL_MS : POLL_MS), signal);
    }
    process.stdout.off('resize', clear);
    if (this.display.redraw) this.draw.done();
  }

  /** Shows the status until every event of `publishing` is a row or a dead letter, or nothing changed for `patienceMs`. */
  async untilBalanced(publishing: Promise<void>, patienceMs: number, signal: AbortSignal): Promise<RunBooks> {
    const publishingState = { done: false };
    void publishing.then(
      () => {
        publishingState.done = true;
      },
      () => undefined,
    );
    let progress = '';
    let progressAtMs = Date.now();
    for (;;) {
      await this.look();
      const published = this.publishedIds.size;
      const { received, inProgress, unaccounted } = this.totals;
      const settled = publishingState.done && received >= published && inProgress + unaccounted === 0;
      const now = renderProgress({ published, totals: this.totals, problems: [] });
      if (now !== progress) progressAtMs = Date.now();
      progress = now;
      const patient = Date.now() - progressAtMs < patienceMs && !signal.aborted;
      if ((settled && this.problems.size === 0) || !patient) {
        const notReceived = await this.warehouse.notReceived(this.publishedIds);
        const { totals, unaccounted } = await this.warehouse.books(this.tables, 0);
        const isDone = totals.unaccounted === 0 && notReceived.length === 0;
        if (isDone || !patient)
          return this.finish({
            totals,
            notReceived,
            unaccounted: unaccounted.map(({ messageId }) => messageId),
          });
      }
      await pause(this.display.pollMs ?? POLL_MS, signal);
    }
  }

  /** One line: the books of the last look, and how many tables there are; empty before the first one. */
  summary(): string {
    if (this.looks === 0) return '';
    const { tables } = this;
    return `${renderProgress(this.status())}; ${tables.length} ${tables.length === 1 ? 'table' : 'tables'}`;
  }

  private finish(books: RunBooks): RunBooks {
    if (this.display.redraw) this.draw.clear();
    console.log(renderStatus(this.status()));
    return books;
  }

  /** A warehouse that does not answer is shown as a problem: it may be back at the next look. */
  private async look(): Promise<void> {
    try {
      await this.lookAtWarehouse();
      this.note('BigQuery', undefined);
    } catch (error) {
      this.note('BigQuery', error instanceof Error ? error.message : String(error));
    }
    this.show();
  }

  private async lookAtWarehouse(): Promise<void> {
    const mark = await this.warehouse.mark();
    const isUnchanged = mark === this.mark;
    // A message in progress becomes unaccounted without any change.
    if (isUnchanged && this.isComplete && this.totals.inProgress === 0) return;
    this.mark = mark;
    this.isComplete = false;
    const before = new Map(this.tables.map((table) => [table.name, table]));
    this.tables = await this.warehouse.tables();
    this.totals = (await this.warehouse.books(this.tables, IN_PROGRESS_MS)).totals;
    if (isUnchanged || this.looks % TROUBLE_EVERY === 0)
      this.trouble = await this.warehouse.trouble(this.tables);
    this.isComplete = isUnchanged;
    this.looks += 1;
    const nowMs = Date.now();
    for (const table of this.tables) {
      const what = describeChange(before.get(table.name), table);
      const atMs = what === 'created' ? table.createdAtMs : nowMs;
      if (what !== undefined) this.changes.set(table.name, { what, atMs });
    }
  }

  private note(where: 'BigQuery' | 'publishing', problem: string | undefined): void {
    if (problem === undefined) this.problems.delete(where);
    else this.problems.set(where, problem);
  }

  private show(): void {
    const status = this.status();
    if (this.display.redraw) {
      this.draw(renderStatus(status, process.stdout));
      return;
    }
    const line = renderProgress(status);
    if (line === this.lastLine || status.nowMs - this.lastLineAtMs < LINE_EVERY_MS) return;
    this.lastLine = line;
    this.lastLineAtMs = status.nowMs;
    console.log(line);
  }

  private status(): Status {
    const { tables, changes, totals, trouble } = this;
    // Others may publish too: then the archive has seen more than was published here.
    const published = Math.max(this.publishedIds.size, totals.received);
    const problems = [...this.problems].map(([where, problem]) => `${where}: ${problem}`);
    return { tables, changes, totals, trouble, published, problems, nowMs: Date.now() };
  }
}
