import { describe, expect, it } from '@jest/globals';
import { routeEventType } from '@pipeline/schema-inference';
import { createTableRouter } from './table-router.js';

describe('createTableRouter', () => {
  const routes = { order: 'orders' };

  it.each(['order', 'UserSignedUp', 'constructor', '__proto__', 'x'.repeat(1_000)])(
    'gives %s the table of the route, the first time and every other',
    (eventType) => {
      const tableOf = createTableRouter(routes);

      const tables = [tableOf(eventType), tableOf(eventType)];

      const table = routeEventType(eventType, routes);
      expect(tables).toEqual([table, table]);
    },
  );

  it('is right beyond the number of types that it remembers', () => {
    const tableOf = createTableRouter(routes);
    for (let index = 0; index <= 10_000; index++) tableOf(`type ${index}`);

    expect([tableOf('type 0'), tableOf('type 10000'), tableOf('order')]).toEqual([
      'type_0',
      'type_10000',
      'orders',
    ]);
  });
});
