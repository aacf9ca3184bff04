import { describe, expect, it } from '@jest/globals';
import { CloudError } from '@pipeline/google-clients';
import { InMemoryTables } from '@pipeline/testing';
import { uniqueView, UniqueViews } from './unique-views.js';

const dataset = { projectId: 'p', datasetId: 'd' };

describe('UniqueViews', () => {
  it('asks for a view once per table', async () => {
    const store = new InMemoryTables();
    const views = new UniqueViews({ store, ...dataset });

    await Promise.all(['t', 'u', 't'].map((tableId) => views.ensure(tableId)));
    await views.ensure('t');

    expect(store.calls).toEqual(['createView t_unique', 'createView u_unique']);
  });

  it('says that a view could not be made and tries again the next time', async () => {
    const store = new InMemoryTables();
    const failures: string[] = [];
    const onFailure = (viewId: string, { code }: CloudError): number => failures.push(`${viewId} ${code}`);
    const views = new UniqueViews({ store, ...dataset, onFailure });
    store.failNext('createView', new CloudError({ code: 'PERMISSION_DENIED', message: 'no' }));

    await views.ensure('t');
    await views.ensure('t');

    expect(failures).toEqual(['t_unique PERMISSION_DENIED']);
    expect(store.calls).toEqual(['createView t_unique', 'createView t_unique']);
  });
});

describe('uniqueView', () => {
  it('shows the earliest row of each message', () => {
    expect(uniqueView({ ...dataset, tableId: 'orders' })).toEqual({
      viewId: 'orders_unique',
      query:
        'SELECT * FROM `p.d.orders` WHERE TRUE QUALIFY ROW_NUMBER() OVER ' +
        '(PARTITION BY _message_id ORDER BY _publish_time, _ingest_time) = 1',
    });
  });
});
