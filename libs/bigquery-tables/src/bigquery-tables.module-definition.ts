import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { BigqueryConnection } from '@pipeline/google-clients';

/** The dataset to use. `storageEndpoint` is `host:port` of an emulator of the Storage Write API. */
export interface BigqueryTablesOptions extends BigqueryConnection {
  readonly storageEndpoint?: string;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } =
  new ConfigurableModuleBuilder<BigqueryTablesOptions>({
    moduleName: 'BigqueryTables',
  })
    .setClassMethodName('forRoot')
    .build();
