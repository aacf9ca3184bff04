import { processorMs } from '../local-cloud/processes.mjs';
import { median } from '../local-cloud/rounds.mjs';
import { mixedEvents } from '../table-manager/pushes.mjs';
import { startJob, startPeer } from './contestants.mjs';
import { versionOf } from './java.mjs';

const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 3_000);
const ROUNDS = Math.max(1, Number(process.env['BENCH_ROUNDS'] ?? 3));
/** Both JVMs have loaded and compiled most of what matters. */
const WARM_UP_ROUNDS = 1;
const PATIENCE_MS = 600_000;
const POLL_MS = 200;
// The client would look for a metadata server of Google's machines before its first request.
process.env['METADATA_SERVER_DETECTION'] ??= 'none';

/** A backlog of a subscription until its last row is stored, on the direct runner; beside the plain pipeline. */
export async function measureStreams(classpath, log) {
  const events = mixedEvents(EVENTS).map((data) => ({
    data,
    attributes: { event_type: JSON.parse(data).event_type },
  }));
  const samples = events.slice(0, 300).map(({ data }) => data);
  log('the job and the plain pipeline, each on a local cloud of its own');
  const job = await startJob(classpath, samples);
  let peer;
  try {
    job.pause();
    peer = await startPeer(classpath, samples);
    peer.pause();
    const rounds = [];
    for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
      const measured = { job: await drain(job, events), peer: await drain(peer, events) };
      log(`${Math.round(measured.job.rate)} and ${Math.round(measured.peer.rate)} events/s`);
      if (round >= 0) rounds.push(measured);
    }
    return toMeasures(rounds, classpath);
  } finally {
    await job.stop();
    await peer?.stop();
  }
}

async function drain(contestant, events) {
  await contestant.publish(events);
  const expected = (await contestant.countRows()) + events.length;
  const cpuBefore = processorMs(contestant.pid);
  const start = performance.now();
  contestant.go();
  while ((await contestant.countRows()) < expected) {
    if (performance.now() - start > PATIENCE_MS)
      throw new Error(`rows are missing\n${contestant.lines.join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const seconds = (performance.now() - start) / 1000;
  const cpuMs = processorMs(contestant.pid) - cpuBefore;
  contestant.pause();
  return { rate: events.length / seconds, cpuUs: cpuBefore === null ? null : (cpuMs * 1000) / events.length };
}

function toMeasures(rounds, classpath) {
  const version = versionOf(classpath, 'beam-sdks-java-io-google-cloud-platform');
  const peer = { peer: 'PubsubIO → BigQueryIO, Storage Write at-least-once', peerVersion: `Beam ${version}` };
  const figure = (who, key) => median(rounds.map((round) => round[who][key]));
  const ratio = (of) => median(rounds.map(of));
  return [
    {
      name: 'direct runner, publish to row',
      value: figure('job', 'rate'),
      unit: 'events/s',
      ...peer,
      ratio: ratio(({ job, peer: other }) => job.rate / other.rate),
    },
    {
      name: "direct runner, the job's processor time",
      value: figure('job', 'cpuUs'),
      unit: 'µs/event',
      ...peer,
      ratio: ratio(({ job, peer: other }) => other.cpuUs / job.cpuUs),
    },
    { name: 'the plain pipeline itself', value: figure('peer', 'rate'), unit: 'events/s' },
    { name: 'the plain pipeline itself, processor time', value: figure('peer', 'cpuUs'), unit: 'µs/event' },
  ];
}
