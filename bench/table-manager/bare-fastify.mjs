/** The peer: a Fastify handler that reads the envelope, decodes base64 and parses the event, and nothing else. */
import fastify from 'fastify';

const BODY_LIMIT_BYTES = 14 * 1024 * 1024;

const server = fastify({ bodyLimit: BODY_LIMIT_BYTES });
server.post('/', (request, reply) => {
  const event = JSON.parse(Buffer.from(request.body.message.data, 'base64').toString());
  reply.code(typeof event.event_type === 'string' ? 204 : 400).send();
});
console.log(`listening ${await server.listen({ host: '127.0.0.1', port: 0 })}`);
