import { deadLetterCandidates, exportLine } from '@pipeline/books';
import type { ActionKind, Previewed } from './action.js';
import type { ActionTools } from './action-tools.js';
import { LetterSelection, pinSelection } from './letter-selection.js';

/** A browser holds the file in memory; `pipeline dead-letters export` writes more. */
const MAX_EXPORTED = 10_000;
const MAX_CHARACTERS = 100_000_000;

/** Dead letters to export. */
export class ExportInput extends LetterSelection {}

/** `pipeline dead-letters export`: payloads leave the warehouse, so it is an action. */
export class ExportAction implements ActionKind<ExportInput> {
  readonly name = 'export';
  readonly role = 'operator';
  readonly Input = ExportInput;

  constructor(private readonly tools: ActionTools) {}

  async preview(selection: ExportInput): Promise<Previewed> {
    const { sql, now } = this.tools.warehouse;
    const { filter, logged } = pinSelection(selection, now());
    let messages = 0;
    let bytes = 0;
    for await (const { message } of deadLetterCandidates(sql, filter, MAX_EXPORTED)) {
      messages++;
      bytes += message.data.length;
    }
    return {
      input: logged,
      figures: { messages, bytes },
      run: async ({ signal, onLine, onProgress }) => {
        let [exported, characters] = [0, 0];
        for await (const candidate of deadLetterCandidates(sql, filter, MAX_EXPORTED)) {
          if (signal.aborted || characters > MAX_CHARACTERS) break;
          const line = exportLine(candidate);
          characters += line.length;
          onLine(line);
          onProgress(++exported, messages);
        }
        return { exported };
      },
    };
  }
}
