import type { OpenAPIObject } from '@nestjs/swagger';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const UP = { status: 'ok', info: { dataset: { status: 'up' } }, error: {}, details: {} };
const DATASET_DOWN = {
  status: 'down',
  code: 'DATASET_NOT_FOUND',
  message:
    'setup: dataset prod_events_dataset does not exist in project local-project: create it with bq mk --dataset …',
};
const DOWN = { status: 'error', info: {}, error: { dataset: DATASET_DOWN }, details: {} };
const SAMPLE_METRICS = [
  '# HELP pipeline_events_total Deliveries of events by outcome and reason',
  '# TYPE pipeline_events_total counter',
  'pipeline_events_total{outcome="known",reason=""} 41027',
].join('\n');

/** OpenAPI of the routes that every service has. */
export const PLATFORM_PATHS: OpenAPIObject['paths'] = {
  '/health': { get: check('State of the dependencies; 503 names what to create or grant') },
  '/readiness': { get: check('The same as /health, under the name that probes use') },
  '/liveness': {
    get: {
      tags: ['Health'],
      summary: 'Answers while the process runs',
      responses: { 200: answer('The process answers', { status: 'ok', info: {}, error: {}, details: {} }) },
    },
  },
  '/metrics': {
    get: {
      tags: ['Metrics'],
      summary: 'Metrics of the pipeline and of this process, for Prometheus',
      responses: {
        200: {
          description: 'Prometheus text format',
          content: { 'text/plain': { schema: { type: 'string' }, example: SAMPLE_METRICS } },
        },
      },
    },
  },
};

function check(summary: string): Operation {
  return {
    tags: ['Health'],
    summary,
    responses: {
      200: answer('All dependencies work, or are degraded only', UP),
      503: answer('A required dependency is missing', DOWN),
    },
  };
}

function answer(description: string, example: object): Operation['responses'][string] {
  return { description, content: { 'application/json': { schema: { type: 'object' }, example } } };
}
