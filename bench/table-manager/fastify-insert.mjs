/**
 * The peer of `direct` mode that a Node team writes by hand: a Fastify handler that decodes the push and awaits
 * `table.insert([row])` of the official client. `fastify-insert.mjs BIGQUERY_PORT PROJECT DATASET`
 */
import { BigQuery } from '@google-cloud/bigquery';
import fastify from 'fastify';
import { PassThroughClient } from 'google-auth-library';

const BODY_LIMIT_BYTES = 14 * 1024 * 1024;
const TABLES = { order: 'orders', inventory: 'inventory', user_activity: 'user_activity' };
const [port, projectId, dataset] = process.argv.slice(2);

const bigquery = new BigQuery({
  projectId,
  apiEndpoint: `http://127.0.0.1:${port}`,
  authClient: new PassThroughClient(),
});
const server = fastify({ bodyLimit: BODY_LIMIT_BYTES });
server.post('/', async (request, reply) => {
  const { message } = request.body;
  const event = JSON.parse(Buffer.from(message.data, 'base64').toString());
  const row = {
    _message_id: message.messageId,
    _publish_time: message.publishTime,
    _event_type: event.event_type,
    ...event,
  };
  await bigquery.dataset(dataset).table(TABLES[event.event_type]).insert([row]);
  return reply.code(204).send();
});
console.log(`listening ${await server.listen({ host: '127.0.0.1', port: 0 })}`);
