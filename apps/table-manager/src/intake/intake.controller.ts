import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiNoContentResponse, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { RequestFailure } from '@pipeline/platform';
import { PinoLogger } from 'nestjs-pino';
import { EventMetrics } from '../metrics/event-metrics.js';
import { exampleFailure, examplePush } from './intake.examples.js';
import { logTaken } from './log-taken.js';
import { PUSH_TAKER, type PushTaker } from './push-taker.port.js';
import type { Taken } from './take-outcome.js';

/** What of Fastify's request is looked at. */
interface IncomingRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body?: unknown;
}

const NO_BODY = new Uint8Array();

/** Where Eventarc and Pub/Sub deliver. 204 means that the message needs nothing more from here; 503 asks for it again. */
@Controller()
export class IntakeController {
  readonly #isTalkative: boolean;

  constructor(
    @Inject(PUSH_TAKER) private readonly intake: PushTaker,
    private readonly metrics: EventMetrics,
    private readonly logger: PinoLogger,
  ) {
    this.logger.setContext(IntakeController.name);
    this.#isTalkative = logger.logger.isLevelEnabled('debug');
  }

  @Post()
  @HttpCode(204)
  @ApiOperation({
    summary: 'Take one message: Eventarc, structured CloudEvent, wrapped or unwrapped push',
    description:
      'Acknowledged when the message needs nothing more from here. In `direct` mode it is a row then, or a dead letter ' +
      'with its reason. In `dataflow` mode its table has a column for all of it, or it is none and the job dead-letters it.',
  })
  @ApiConsumes('application/json', 'application/cloudevents+json', 'application/octet-stream')
  @ApiBody({ schema: { type: 'object', example: examplePush() } })
  @ApiNoContentResponse({ description: 'Acknowledged' })
  @ApiResponse({
    status: 413,
    description: 'Longer than any Pub/Sub message',
    schema: { example: exampleFailure('BODY_TOO_LARGE') },
  })
  @ApiResponse({
    status: 429,
    description: 'Too much is being worked on: come again after Retry-After seconds',
    schema: { example: exampleFailure('TOO_MANY_BYTES_IN_FLIGHT') },
  })
  @ApiResponse({
    status: 503,
    description: 'Not now: deliver it again. The body says why',
    schema: { example: exampleFailure('DATASET_NOT_FOUND') },
  })
  take(@Req() request: IncomingRequest): void | Promise<void> {
    const body = request.body instanceof Uint8Array ? request.body : NO_BODY;
    const taken = this.intake.take({ headers: request.headers, body });
    if (!(taken instanceof Promise)) {
      this.#tell(taken);
      return;
    }
    return taken.then((outcome) => {
      this.#tell(outcome);
    });
  }

  #tell(taken: Taken): void {
    const { outcome } = taken;
    this.metrics.taken(taken);
    if (this.#isTalkative || outcome.kind === 'held' || 'reason' in outcome) {
      logTaken(this.logger, taken);
    }
    if (outcome.kind === 'held') {
      const { code, detail, disposition, table } = outcome;
      throw new RequestFailure({ status: 503, code, message: detail, details: { disposition, table } });
    }
  }
}
