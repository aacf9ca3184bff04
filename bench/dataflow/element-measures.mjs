import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../local-cloud/rounds.mjs';
import { versionOf } from './java.mjs';

const KINDS = ['order', 'inventory', 'user_activity', 'wide', 'deep'];
const ROUNDS = Math.max(1, Number(process.env['BENCH_ROUNDS'] ?? 3));
const WARM_UP_S = 10;
const MEASURED_S = 5;
const BENCHMARKS =
  'ElementBenchmark.(decodeFitEncode|parseFitEncode|jacksonTree|messageToTableRow|messageToProto)$';

/** Bytes → append's proto, beside Jackson's bare tree and Beam's own road; processor time of JMH's forks, by event. */
export function measureElements(classpath, log) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-dataflow-'));
  try {
    const rounds = Object.fromEntries(KINDS.map((kind) => [kind, []]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const kind of KINDS) {
        log(`${kind}, round ${round + 1} of ${ROUNDS}`);
        rounds[kind].push(runOnce(classpath, kind, join(folder, 'result.json')));
      }
    }
    const jackson = { peer: 'Jackson readTree', peerVersion: versionOf(classpath, 'jackson-databind') };
    const peerVersion = versionOf(classpath, 'beam-sdks-java-io-google-cloud-platform');
    const tableRow = { peer: "Beam's message → TableRow", peerVersion };
    const proto = { peer: "Beam's message → TableRow → proto", peerVersion };
    return KINDS.flatMap((kind) => [
      toMeasure(kind, rounds[kind], 'decodeFitEncode', 'jacksonTree', jackson, 0.9),
      toMeasure(kind, rounds[kind], 'decodeFitEncode', 'messageToTableRow', tableRow),
      toMeasure(kind, rounds[kind], 'decodeFitEncode', 'messageToProto', proto, 2),
      toMeasure(kind, rounds[kind], 'parseFitEncode', 'jacksonTree', jackson),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runOnce(classpath, kind, resultFile) {
  const times = ['-f', '1', '-w', '1', '-r', '1', '-wi', String(WARM_UP_S), '-i', String(MEASURED_S)];
  const output = ['-rf', 'json', '-rff', resultFile];
  const args = [
    '-cp',
    classpath,
    'org.openjdk.jmh.Main',
    BENCHMARKS,
    '-p',
    `kind=${kind}`,
    ...times,
    ...output,
  ];
  const { status, stdout, stderr } = spawnSync('java', args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`JMH ended with ${status}:\n${stdout}${stderr}`);
  const results = JSON.parse(readFileSync(resultFile, 'utf8'));
  return Object.fromEntries(
    results.map(({ benchmark, secondaryMetrics }) => {
      const sum = (name) => secondaryMetrics[name].rawData.flat().reduce((total, value) => total + value, 0);
      return [benchmark.split('.').at(-1), sum('processorNanos') / sum('operations') / 1000];
    }),
  );
}

const ROADS = { decodeFitEncode: '', parseFitEncode: ', parsed' };

function toMeasure(kind, rounds, ours, peerName, peer, target) {
  const ratio = median(rounds.map((round) => round[peerName] / round[ours]));
  return {
    name: `decode, fit and encode ${kind}${ROADS[ours]}, processor time`,
    value: median(rounds.map((round) => round[ours])),
    unit: 'µs',
    ...peer,
    ratio,
    ...(target === undefined ? {} : { target: `≥ ${target} ×`, met: ratio >= target }),
  };
}
