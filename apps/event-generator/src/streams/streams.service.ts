import { randomInt, randomUUID } from 'node:crypto';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { EventType } from '../generation/event.js';
import { generateEvents, MAX_SEED } from '../generation/generate-events.js';
import { instantOfSeed } from '../generation/instants.js';
import { serializeEvent } from '../generation/serialize-event.js';
import {
  EVENT_PUBLISHER,
  type EventPublisher,
  type OutgoingMessage,
} from '../publishing/event-publisher.port.js';
import { SCENARIO_NAMES, type ScenarioName } from '../scenarios/scenario.js';
import { scenarioMessages } from '../scenarios/scenarios.js';
import { outgoing } from '../scenarios/scenarios.service.js';
import { EventStream, type StreamStatus } from './event-stream.js';

/** A request for a stream: content, rate and duration. */
export interface StreamCommand {
  readonly source: EventType | 'mix' | ScenarioName;
  readonly ratePerSecond: number;
  readonly durationSeconds: number;
  readonly seed: number | undefined;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A stream as requested, and its state. */
export interface StreamReport extends StreamStatus {
  readonly id: string;
  readonly source: StreamCommand['source'];
  readonly ratePerSecond: number;
  readonly durationSeconds: number;
  readonly seed: number;
}

interface KeptStream {
  readonly stream: EventStream;
  readonly asked: Omit<StreamReport, keyof StreamStatus>;
}

/** Maximum streams that publish at the same time. */
export const MAX_RUNNING_STREAMS = 10;
/** Ended streams that are kept; the oldest is dropped first. */
const MAX_ENDED_STREAMS = 100;

/** Keeps the streams of this process. They end with it. */
@Injectable()
export class StreamsService implements BeforeApplicationShutdown {
  readonly #streams = new Map<string, KeptStream>();

  constructor(@Inject(EVENT_PUBLISHER) private readonly publisher: EventPublisher) {}

  /** @returns null if the maximum number of streams is running. */
  start(command: StreamCommand): StreamReport | null {
    if (this.#running().length >= MAX_RUNNING_STREAMS) {
      return null;
    }
    const { source, ratePerSecond, durationSeconds, attributes, seed = randomInt(MAX_SEED) } = command;
    const until = command.seed === undefined ? new Date() : instantOfSeed(seed);
    const id = randomUUID();
    const stream = new EventStream({
      ratePerSecond,
      durationSeconds,
      publisher: this.publisher,
      messages: (from, count) => toMessages({ source, seed, from, count, until, attributes }),
      nowMs: () => performance.now(),
    });
    const kept = { stream, asked: { id, source, ratePerSecond, durationSeconds, seed } };
    this.#streams.set(id, kept);
    this.#forgetOldest();
    return report(kept);
  }

  list(): readonly StreamReport[] {
    return [...this.#streams.values()].map(report);
  }

  find(id: string): StreamReport | null {
    const kept = this.#streams.get(id);
    return kept === undefined ? null : report(kept);
  }

  /** Ends a stream after its current batch; null if the id is unknown. */
  async stop(id: string): Promise<StreamReport | null> {
    const kept = this.#streams.get(id);
    if (kept === undefined) {
      return null;
    }
    await kept.stream.stop();
    return report(kept);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([...this.#streams.values()].map(({ stream }) => stream.stop()));
  }

  #running(): readonly KeptStream[] {
    return [...this.#streams.values()].filter(({ stream }) => stream.status.state === 'running');
  }

  #forgetOldest(): void {
    const ended = [...this.#streams].filter(([, { stream }]) => stream.status.state !== 'running');
    for (const [id] of ended.slice(0, Math.max(0, ended.length - MAX_ENDED_STREAMS))) {
      this.#streams.delete(id);
    }
  }
}

function report({ stream, asked }: KeptStream): StreamReport {
  return { ...asked, ...stream.status };
}

function* toMessages(request: {
  readonly source: StreamCommand['source'];
  readonly seed: number;
  readonly from: number;
  readonly count: number;
  readonly until: Date;
  readonly attributes: Readonly<Record<string, string>>;
}): Generator<OutgoingMessage, void, undefined> {
  const { source, attributes, ...range } = request;
  if (isScenario(source)) {
    yield* outgoing(scenarioMessages({ name: source, ...range }), attributes);
    return;
  }
  for (const event of generateEvents({ type: source, ...range })) {
    yield { data: Buffer.from(serializeEvent(event)), attributes };
  }
}

function isScenario(source: StreamCommand['source']): source is ScenarioName {
  return (SCENARIO_NAMES as readonly string[]).includes(source);
}
