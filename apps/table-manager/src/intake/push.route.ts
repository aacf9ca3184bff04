import type { INestApplicationContext } from '@nestjs/common';
import type { FailureBody } from '@pipeline/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { EventOutcome } from './event-outcome.js';
import { IntakeService } from './intake.service.js';

const NO_BODY = new Uint8Array();

/**
 * `POST /`, the endpoint of Eventarc and Pub/Sub: 204 acknowledges the message, 503 asks for another delivery.
 *
 * A bare Fastify route and not a controller because every event passes here: Nest's part of a request costs as much as
 * the whole handling of an event of a known schema (docs/PERFORMANCE.md).
 */
export class PushRoute {
  #intake: IntakeService | null = null;

  /** Registers the route; called before Nest's container exists. */
  register(fastify: FastifyInstance): void {
    fastify.post('/', (request, reply) => {
      this.#handle(request, reply);
    });
  }

  /** Takes the service from Nest's container; called before the server listens. */
  connect(app: INestApplicationContext): void {
    this.#intake = app.get(IntakeService, { strict: false });
  }

  #handle(request: FastifyRequest, reply: FastifyReply): void {
    if (this.#intake === null) {
      throw new Error('PushRoute is not connected: call connect() before the server listens');
    }
    const body = request.body instanceof Uint8Array ? request.body : NO_BODY;
    const { headers } = request;
    const outcome = this.#intake.handle({ headers, body, rawHeaders: request.raw.rawHeaders });
    if (!(outcome instanceof Promise)) {
      answer(outcome, reply);
      return;
    }
    outcome
      .then((settled) => {
        answer(settled, reply);
      })
      .catch((cause: unknown) => {
        void reply.send(cause);
      });
  }
}

function answer(outcome: EventOutcome, reply: FastifyReply): void {
  if (outcome.kind === 'held') {
    const { code, detail, disposition, table } = outcome;
    const body: FailureBody = { error: { code, message: detail, details: { disposition, table } } };
    void reply.status(503).send(body); // expected, and logged as an outcome: not a failure of this service
    return;
  }
  reply.statusCode = 204;
  void reply.send();
}
