import { describe, expect, it } from '@jest/globals';
import { CloudError } from '@pipeline/google-clients';
import { SetupWatch } from './setup-watch.js';

const denied = (): CloudError =>
  new CloudError({
    code: 'PERMISSION_DENIED',
    message: 'Permission bigquery.tables.update denied',
    tableId: 't',
  });

function watch(): { readonly watch: SetupWatch; readonly lines: string[] } {
  const lines: string[] = [];
  const line = (fields: object): void => {
    lines.push(JSON.stringify(fields));
  };
  return {
    watch: new SetupWatch({ projectId: 'p', dataset: 'd' }, { error: line, info: line } as never),
    lines,
  };
}

describe('SetupWatch', () => {
  it('says once what to grant, and once that it works', () => {
    const { watch: setup, lines } = watch();

    setup.failed('tables', denied());
    setup.failed('tables', denied());
    const during = setup.problem;
    setup.worked('tables');
    setup.worked('tables');

    expect(during).toMatchObject({
      code: 'PERMISSION_DENIED',
      remedy: "grant roles/bigquery.dataEditor on dataset d of project p to this service's account",
    });
    expect(setup.problem).toBeNull();
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('roles/bigquery.dataEditor');
  });

  it('keeps the problem of one table while others work', () => {
    const { watch: setup, lines } = watch();
    const unusable = new CloudError({
      code: 'TABLE_UNUSABLE',
      message: 'leads is a view: rename it',
      tableId: 'leads',
    });

    setup.failed('table leads', unusable);
    setup.worked('tables');
    setup.failed('table leads', unusable);

    expect(setup.problem).toMatchObject({ code: 'TABLE_UNUSABLE', remedy: 'leads is a view: rename it' });
    expect(lines).toHaveLength(1);
    setup.worked('table leads');
    expect(setup.problem).toBeNull();
  });

  it('is silent about what needs no operator', () => {
    const { watch: setup, lines } = watch();

    setup.failed('tables', new CloudError({ code: 'UNAVAILABLE', message: 'later' }));

    expect(setup.problem).toBeNull();
    expect(lines).toEqual([]);
  });
});
