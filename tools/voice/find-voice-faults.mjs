/** Words and phrases that CONVENTIONS.md, "Voice", replaces by the field's terms; each with the remedy. */
const AVOIDED = [
  ['somebody', 'name the role: a caller, an operator, a person'],
  ['nobody', 'say "no caller", "no operator", "no one"'],
  ['whoever', 'name the role'],
  ['he', 'name the role, or use "they"'],
  ['his', 'name the role, or use "their"'],
  ['come again', 'say "retry" or "redeliver"'],
  ['comes again', 'say "is retried" or "is redelivered"'],
  ['tell', 'say "report", "return", "distinguish" or "print"'],
  ['tells', 'say "reports", "returns", "distinguishes" or "prints"'],
  ['told', 'say "reported", "returned" or "printed"'],
  ['owed', 'say "pending" or "expected"'],
  ['fate', 'say "outcome"'],
  ['stands', 'say "is"'],
  ['makes of', 'say "infers from" or "converts to"'],
  ['anew', 'say "again"'],
  ['dear', 'say "expensive"'],
  ['reckoned', 'say "computed"'],
  ['at hand', 'say "available"'],
  ['in vain', 'say "for nothing" or "without effect"'],
];

/** The words of one line: camelCase and snake_case names are split, so that `toldPlan` is found as `told`. */
const wordsOf = (line) =>
  ` ${line
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^a-z]+/g, ' ')} `;

const QUESTION_WORD = /\/\*\*\s*(?:\n\s*\*\s*)?(What|Who|Where|How|Whether|That|Why|Which)\b(?![^\n]*\?)/g;

/**
 * Returns the places of `text` that break the voice rules, as `{ line, message }` in order of their lines.
 *
 * Two rules are checked: no docstring begins with a question word, and none of the avoided words occurs. A line that
 * contains `voice-ok` is skipped: it quotes a word that belongs to another system.
 */
export function findVoiceFaults(text) {
  const lines = text.split('\n');
  const faults = [];
  for (const match of text.matchAll(QUESTION_WORD)) {
    const line = text.slice(0, match.index + match[0].length).split('\n').length;
    faults.push({ line, message: `docstring begins with "${match[1]}": put the subject or the verb first` });
  }
  lines.forEach((content, index) => {
    if (content.includes('voice-ok')) return;
    const words = wordsOf(content);
    for (const [avoided, remedy] of AVOIDED) {
      if (words.includes(` ${avoided} `)) {
        faults.push({ line: index + 1, message: `"${avoided}": ${remedy}` });
      }
    }
  });
  return faults.sort((a, b) => a.line - b.line);
}
