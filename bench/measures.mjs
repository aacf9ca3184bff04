const HEADINGS = ['bench', 'name', 'value', 'peer', 'ratio', 'target', 'met'];

/** A measure with every field of the JSON form; what a benchmark left out is null. */
export function completeMeasure(bench, measure) {
  const { name, value, unit } = measure;
  if (typeof name !== 'string' || typeof unit !== 'string' || !(value === null || Number.isFinite(value))) {
    throw new TypeError(`bench ${bench}: a measure needs name, unit, and a finite value or null`);
  }
  const { peer = null, peerVersion = null, ratio = null, target = null, met = null } = measure;
  return { bench, name, value, unit, peer, peerVersion, ratio, target, met };
}

/** Text table, one line per measure. */
export function renderTable(measures) {
  const rows = [HEADINGS, ...measures.map(toRow)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => [...row[column]].length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column], column === 2 || column === 4))
      .join('  ')
      .trimEnd(),
  );
  return [lines[0], widths.map((width) => '─'.repeat(width)).join('  '), ...lines.slice(1)].join('\n');
}

function toRow({ bench, name, value, unit, peer, peerVersion, ratio, target, met }) {
  return [
    bench,
    name,
    value === null ? 'skipped' : `${formatNumber(value)} ${unit}`,
    peer === null ? '' : [peer, peerVersion].filter(Boolean).join(' '),
    ratio === null ? '' : `${formatNumber(ratio)} ×`,
    target === null ? '' : String(target),
    met === null ? '' : met ? 'yes' : 'NO',
  ];
}

/** Three significant digits, grouped above a thousand. */
function formatNumber(value) {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

function pad(cell, width, isRight) {
  const fill = ' '.repeat(width - [...cell].length);
  return isRight ? fill + cell : cell + fill;
}
