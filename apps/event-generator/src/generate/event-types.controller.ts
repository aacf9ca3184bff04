import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { EVENT_TYPES } from '../generation/event.js';
import { generateEvents } from '../generation/generate-events.js';
import { instantOfSeed } from '../generation/instants.js';
import { serializeEvent } from '../generation/serialize-event.js';

/** Seed of the example events. */
const EXAMPLE_SEED = 7;

const EVENT_TYPES_ANSWER = describeEventTypes();

/** Lists the event types. */
@Controller('event-types')
export class EventTypesController {
  @Get()
  @Header('content-type', 'application/json; charset=utf-8')
  @ApiOperation({ summary: 'The event types, with an example of each' })
  @ApiOkResponse({
    description: 'Examples are exactly as published',
    example: JSON.parse(EVENT_TYPES_ANSWER) as unknown,
  })
  getEventTypes(): string {
    return EVENT_TYPES_ANSWER;
  }
}

function describeEventTypes(): string {
  const types = EVENT_TYPES.map((type) => {
    const [example] = generateEvents({
      type,
      count: 1,
      seed: EXAMPLE_SEED,
      until: instantOfSeed(EXAMPLE_SEED),
    });
    return `{"type":"${type}","example":${example === undefined ? 'null' : serializeEvent(example)}}`;
  });
  return `{"eventTypes":[${types.join(',')}]}`;
}
