/**
 * Reads `[NAME…] [--json FILE] [--help]`.
 *
 * Shape: `['inference', '--json', 'out.json']` → `{kind: 'run', names: ['inference'], jsonFile: 'out.json'}`;
 * no name means all of `available`. What is wrong comes back as `{kind: 'wrong', message}`.
 */
export function parseCommandLine(words, available) {
  const names = [];
  let jsonFile = null;
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (word === '--help' || word === '-h') return { kind: 'help' };
    if (word === '--json') {
      const file = words[++index];
      if (file === undefined || file.startsWith('--')) return wrong('--json needs the name of a file.');
      jsonFile = file;
    } else if (word.startsWith('-')) return wrong(`There is no option ${word}.`);
    else if (!available.includes(word)) {
      return wrong(`There is no benchmark "${word}". There are: ${available.join(', ')}.`);
    } else if (!names.includes(word)) names.push(word);
  }
  return { kind: 'run', names: names.length === 0 ? available : names, jsonFile };
}

function wrong(message) {
  return { kind: 'wrong', message };
}
