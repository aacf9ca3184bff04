/**
 * The stages of a request, in the order in which it passes them. A sample of the profiler belongs to the stage of its innermost
 * function that has one: functions of Node that are not its HTTP, such as those of buffers, belong to the stage that calls them.
 */
const STAGES = [
  ['collecting garbage', ({ functionName }) => functionName === '(garbage collector)'],
  [
    'sockets and HTTP of Node',
    ({ url }) =>
      /^node:(?:_http|http|net|_stream|stream|events|timers|internal\/(?:streams|stream_base|http|net|timers|process|async|event))/.test(
        url,
      ),
  ],
  [
    'Fastify',
    ({ url }) =>
      /node_modules\/(?:@fastify|fastify|find-my-way|avvio|fast-content-type-parse|secure-json-parse)\//.test(
        url,
      ),
  ],
  ['guards and limits', ({ url }) => /libs\/platform\/dist\/(?:service|requests|auth)\//.test(url)],
  ['envelope', ({ url }) => /libs\/cloudevents\/dist\//.test(url)],
  ['decoding and fit', ({ url }) => /libs\/schema-inference\/dist\//.test(url)],
  [
    'table and its schema',
    ({ url }) =>
      /libs\/bigquery-tables\/dist\/|node_modules\/lru-cache\/|table-manager\/dist\/destinations\//.test(url),
  ],
  [
    'counting',
    ({ url }) =>
      /node_modules\/prom-client\/|table-manager\/dist\/metrics\/|libs\/platform\/dist\/metrics\//.test(url),
  ],
  ['intake', ({ url }) => /table-manager\/dist\/|libs\/platform\/dist\//.test(url)],
];
const NATIVE = 'native code of Node outside of functions';

/** Names of the stages, in order. */
export const STAGE_NAMES = [...STAGES.map(([name]) => name), NATIVE];

/**
 * The share of each stage in the samples of a profile, idle ones left out. Samples and not the time between them, which on a busy
 * machine includes the time that other programs ran.
 */
export function sharesOfStages({ nodes, samples }) {
  const stageOf = new Map();
  const visit = (node, inherited) => {
    const { callFrame } = node;
    const own = STAGES.find(([, isIn]) => isIn(callFrame))?.[0];
    const stage = own ?? inherited;
    stageOf.set(node.id, callFrame.functionName === '(idle)' ? null : stage);
    for (const id of node.children ?? []) visit(byId.get(id), stage);
  };
  const byId = new Map(nodes.map((node) => [node.id, node]));
  visit(nodes[0], NATIVE);
  const counts = new Map(STAGE_NAMES.map((name) => [name, 0]));
  let total = 0;
  for (const id of samples) {
    const stage = stageOf.get(id) ?? null;
    if (stage === null) continue;
    counts.set(stage, counts.get(stage) + 1);
    total++;
  }
  return new Map([...counts].map(([name, count]) => [name, total === 0 ? 0 : count / total]));
}
