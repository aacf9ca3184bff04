/** One answer of an operation of OpenAPI 3.0. */
interface Answer {
  readonly description: string;
  readonly content: Record<
    string,
    { readonly schema: { readonly type: 'object' | 'string' }; readonly example?: unknown }
  >;
}

/** An operation of OpenAPI 3.0, as far as the routes of every service need it. */
interface Operation {
  readonly tags: string[];
  readonly summary: string;
  readonly responses: Record<string, Answer>;
}

const UP = { status: 'ok', info: { dataset: { status: 'up' } }, error: {}, details: {} };
const DATASET_DOWN = {
  status: 'down',
  code: 'DATASET_NOT_FOUND',
  message:
    'setup: dataset prod_events_dataset does not exist in project local-project: create it with bq mk --dataset …',
};
const DOWN = { status: 'error', info: {}, error: { dataset: DATASET_DOWN }, details: {} };
const SAMPLE_METRICS = [
  '# HELP pipeline_build_info Version of the running service',
  '# TYPE pipeline_build_info gauge',
  'pipeline_build_info{service="table-manager",version="0.1.0"} 1',
].join('\n');

/** OpenAPI of the routes that every service has. */
export const PLATFORM_PATHS: Readonly<Record<string, { get: Operation }>> = {
  '/': {
    get: {
      tags: ['Landing page'],
      summary: 'A page for people: name, version, and links to this description, health and metrics',
      responses: {
        200: { description: 'HTML', content: { 'text/html': { schema: { type: 'string' } } } },
      },
    },
  },
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

function answer(description: string, example: object): Answer {
  return { description, content: { 'application/json': { schema: { type: 'object' }, example } } };
}
