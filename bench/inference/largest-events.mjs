import { HOSTILE_SHAPES } from './hostile-events.mjs';

/** Values that an event may have, less the few of the message around the array. */
const MOST_VALUES = 249_900;
const head = '{"event_type":"hostile",';
const list = (count, toText) => Array.from({ length: count }, (_, index) => toText(index)).join(',');
const pad = (size, count, used) => 'x'.repeat(Math.max(0, Math.floor(size / count) - used));

/** An array of `count` elements that fills `size` bytes, and the first event, whose columns it meets. */
function array(toElement, valuesPerElement, first) {
  return (size) => {
    const count = Math.floor(MOST_VALUES / valuesPerElement);
    const filler = pad(size, count, toElement('', 0).length + 1);
    return { text: `${head}"a":[${list(count, (index) => toElement(filler, index))}]}`, first };
  };
}

const numbers = `${head}"a":[{"x":1}]}`;
const none = `${head}"z":1}`;

/** Shapes with as many values as an event may have: those that cost most memory. */
const MOST_VALUES_SHAPES = {
  'records that conflict': array((filler) => `{"x":"s${filler}"}`, 2, numbers),
  'records that fit': array((filler, index) => `{"x":${index}}`, 2, numbers),
  'records of long keys that are new': array((filler) => `{"x":1,"${filler || 'k'}":2}`, 3, numbers),
  'records of two-byte text that conflict': array((filler) => `{"x":"é日${filler.slice(4)}"}`, 2, numbers),
  'strings of an array of numbers': array((filler) => `"s${filler}"`, 1, `${head}"a":[1]}`),
  strings: array((filler) => `"s${filler}"`, 1, none),
  'long numbers': array((filler, index) => `${index + 1}2345678901234567890`, 1, none),
  'pairs in an array': array((filler, index) => `[${index},"${filler}"]`, 3, none),
  'escaped strings that conflict': array((filler) => `{"x":"\\u00e9${filler}"}`, 2, numbers),
  'half surrogates': array((filler) => `"\\ud800${filler}"`, 1, none),
  'records of ten fields': array(
    (filler, index) => `{${list(10, (field) => `"f${field}":${index}`)}}`,
    11,
    none,
  ),
};

const plain = Object.entries(HOSTILE_SHAPES).map(([name, toText]) => [
  name,
  (size) => ({ text: toText(size), first: none }),
]);

/** Every shape as a function of its size in bytes: `{text, first}`. */
export const LARGEST_SHAPES = { ...Object.fromEntries(plain), ...MOST_VALUES_SHAPES };
