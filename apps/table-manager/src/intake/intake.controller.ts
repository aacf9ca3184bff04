import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiNoContentResponse, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { RequestFailure } from '@pipeline/platform';
import { PinoLogger } from 'nestjs-pino';
import { logTaken } from './log-taken.js';
import { TakePushService } from './take-push.service.js';

/** What of Fastify's request is looked at. */
interface IncomingRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body?: unknown;
}

/** Where Eventarc and Pub/Sub deliver. 204 means that the message is a row or a dead letter; 503 asks for it again. */
@Controller()
export class IntakeController {
  constructor(
    private readonly intake: TakePushService,
    private readonly logger: PinoLogger,
  ) {
    this.logger.setContext(IntakeController.name);
  }

  @Post()
  @HttpCode(204)
  @ApiOperation({ summary: 'Take one message: Eventarc, structured CloudEvent, wrapped or unwrapped push' })
  @ApiConsumes('application/json', 'application/cloudevents+json', 'application/octet-stream')
  @ApiBody({ schema: { type: 'object', example: exampleBody() } })
  @ApiNoContentResponse({ description: 'Stored as a row, or kept as a dead letter with its reason' })
  @ApiResponse({ status: 413, description: 'Longer than any Pub/Sub message' })
  @ApiResponse({ status: 503, description: 'Not now: deliver it again. The body says why' })
  async take(@Req() request: IncomingRequest): Promise<void> {
    const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
    const taken = await this.intake.take({ headers: request.headers, body });
    logTaken(this.logger, taken);
    const { outcome } = taken;
    if (outcome.kind === 'held') {
      const { code, detail, disposition, table } = outcome;
      throw new RequestFailure({ status: 503, code, message: detail, details: { disposition, table } });
    }
  }
}

function exampleBody(): object {
  return {
    message: {
      messageId: '10721501285371497',
      publishTime: '2026-11-22T23:05:00.123Z',
      data: 'eyJldmVudF90eXBlIjoib3JkZXIiLCJvcmRlcl9pZCI6Im9fMSJ9',
    },
    subscription: 'projects/local-project/subscriptions/backend-events-topic-sub',
  };
}
