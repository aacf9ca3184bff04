/** Shapes that cost more than linear time in a careless parser, each as a function of its size in bytes. */
const head = '{"event_type":"hostile",';
const times = (unit, size) => unit.repeat(Math.max(1, Math.floor(size / unit.length)));

function keys(size, toMember) {
  const members = [];
  for (let length = 0, index = 0; length < size; index++) {
    const member = toMember(index);
    members.push(member);
    length += member.length + 1;
  }
  return members.join(',');
}

export const HOSTILE_SHAPES = {
  'one long string': (size) => `${head}"s":"${times('a', size)}"}`,
  'one long string of escapes': (size) => `${head}"s":"${times(String.raw`\u00e9\n\"`, size)}"}`,
  'one long string of backslashes': (size) => `${head}"s":"${times('\\\\', size)}"}`,
  'one long string of colons and brackets': (size) => `${head}"s":"${times('":[{'.slice(1), size)}"}`,
  'one long string of digits': (size) => `${head}"s":"${times('1234567890', size)}"}`,
  'one long string of half surrogates': (size) => `${head}"s":"${times(String.raw`\ud800`, size)}"}`,
  'one long number': (size) => `${head}"n":${times('7', size)}}`,
  'one long fraction': (size) => `${head}"n":0.${times('7', size)}}`,
  'one long exponent': (size) => `${head}"n":1e${times('7', size)}}`,
  'an array of long numbers': (size) => `${head}"n":[${times('12345678901234567890,', size)}1]}`,
  'an array of exponents': (size) => `${head}"n":[${times('1e400,', size)}1]}`,
  'an array of mixed kinds': (size) => `${head}"n":[${times('1,"a",true,', size)}1]}`,
  'an array of empty records': (size) => `${head}"n":[${times('{},', size)}{"a":1}]}`,
  'an array of arrays': (size) => `${head}"n":[${times('[[1]],', size)}[]]}`,
  'many keys in a record': (size) => `${head}"o":{${keys(size, (index) => `"k${index}":${index}`)}}}`,
  'many keys at the root': (size) => `${head}${keys(size, (index) => `"k${index}":${index}`)}}`,
  'many odd keys at the root': (size) => `${head}${keys(size, (index) => `"k-${index}-é":${index}`)}}`,
  'many keys that clash at the root': (size) =>
    `${head}${keys(size, (index) => `"k${[...index.toString(2)].map((bit) => (bit === '1' ? '-' : '.')).join('')}":1`)}}`,
  'records 100 levels deep, again and again': (size) =>
    `${head}"n":[${times(`${'{"a":'.repeat(97)}1${'}'.repeat(97)},`, size)}1]}`,
  'brackets that never close': (size) => times('[', size),
  'white space': (size) => `${head}${times(' \n\t', size)}"a":1}`,
};
