import { InFlight } from '@pipeline/books';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { Optional, Text } from '../api/properties.js';
import { refused } from '../api/refused.js';
import { readEvents } from '../plan/read-events.js';
import { planEvents } from '../plan/plan-events.js';
import type { ActionKind, Previewed } from './action.js';
import type { ActionTools } from './action-tools.js';

/** A page that holds more is no editor: `pipeline publish` and `pipeline backfill` take files. */
export const MAX_TEXT_CHARACTERS = 4_000_000;
const CONCURRENCY = 50;

/** Events to plan or to publish. */
export class EventsInput {
  @Text({ description: 'Events as NDJSON, or one JSON array' })
  @IsString()
  @MaxLength(MAX_TEXT_CHARACTERS)
  readonly text!: string;

  @Optional({ type: String, description: 'Attribute `event_type` of every message' })
  @IsOptional()
  @IsString()
  @MaxLength(1_024)
  readonly eventType?: string;
}

/** `pipeline publish`, in the local cloud only. */
export class PublishAction implements ActionKind<EventsInput> {
  readonly name = 'publish';
  readonly role = 'operator';
  readonly Input = EventsInput;

  constructor(private readonly tools: ActionTools) {}

  async preview(input: EventsInput): Promise<Previewed> {
    const { isLocal } = this.tools.warehouse;
    if (!isLocal) {
      throw refused(
        'LOCAL_ONLY',
        'The console publishes events in the local cloud only: use pipeline publish elsewhere',
      );
    }
    const events = readEvents(input);
    const report = await planEvents(this.tools.planning, events);
    return {
      // The events themselves are in the archive.
      input: { events: events.length, eventType: input.eventType ?? null },
      figures: report,
      run: async ({ signal, onProgress }) => {
        const publisher = this.tools.publisher(this.tools.eventsTopic);
        const inFlight = new InFlight(CONCURRENCY);
        const messageIds: string[] = [];
        try {
          for (const { message } of events) {
            if (signal.aborted) break;
            await inFlight.start(async () => {
              messageIds.push(await publisher.publish(message));
              onProgress(messageIds.length, events.length);
            });
          }
        } finally {
          await inFlight.end();
          await publisher.close();
        }
        inFlight.throwFailure();
        return { messageIds };
      },
    };
  }
}
