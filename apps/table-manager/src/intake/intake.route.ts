import type { INestApplicationContext } from '@nestjs/common';
import { inRequest, type FailureBody } from '@pipeline/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { EventMetrics } from '../metrics/event-metrics.js';
import { PUSH_TAKER, type Later, type PushTaker } from './push-taker.port.js';
import type { Taken } from './take-outcome.js';
import { TakenLog } from './taken-log.js';

const NO_BODY = new Uint8Array();

/** What answers an event needs of Nest's container. */
interface Parts {
  readonly taker: PushTaker;
  readonly metrics: EventMetrics;
  readonly log: TakenLog;
}

/**
 * `POST /`, where Eventarc and Pub/Sub deliver: 204 means that the message needs nothing more from here, 503 asks for it
 * again.
 *
 * It is a bare route of Fastify and no controller, because every event passes here: what Nest does for a request costs
 * as much as all that is done for an event of a known schema (docs/PERFORMANCE.md).
 */
export class IntakeRoute {
  #parts: Parts | null = null;

  /** Before Nest is there. */
  register(fastify: FastifyInstance): void {
    fastify.post('/', (request, reply) => {
      this.#take(request, reply);
    });
  }

  /** Once Nest has made the parts, and before anything listens. */
  connect(app: INestApplicationContext): void {
    this.#parts = {
      taker: app.get<PushTaker>(PUSH_TAKER, { strict: false }),
      metrics: app.get(EventMetrics, { strict: false }),
      log: app.get(TakenLog, { strict: false }),
    };
  }

  #take(request: FastifyRequest, reply: FastifyReply): void {
    const parts = this.#parts;
    if (parts === null) {
      throw new Error('The route is not connected');
    }
    const body = request.body instanceof Uint8Array ? request.body : NO_BODY;
    const taken = parts.taker.take({ headers: request.headers, body });
    if (typeof taken !== 'function' && taken.outcome.kind === 'known') {
      answer(parts, taken, reply);
      return;
    }
    inRequest(request, () => {
      finish(parts, taken, reply);
    });
  }
}

function finish(parts: Parts, taken: Taken | Later, reply: FastifyReply): void {
  const outcome = typeof taken === 'function' ? taken() : Promise.resolve(taken);
  outcome
    .then((ended) => {
      answer(parts, ended, reply);
    })
    .catch((cause: unknown) => {
      void reply.send(cause);
    });
}

function answer({ metrics, log }: Parts, taken: Taken, reply: FastifyReply): void {
  const { outcome } = taken;
  metrics.taken(taken);
  log.tell(taken);
  if (outcome.kind === 'held') {
    const { code, detail, disposition, table } = outcome;
    const body: FailureBody = { error: { code, message: detail, details: { disposition, table } } };
    void reply.status(503).send(body); // expected, and logged as an outcome: no failure of this service
    return;
  }
  reply.statusCode = 204;
  void reply.send();
}
