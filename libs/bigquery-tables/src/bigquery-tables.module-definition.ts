import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { BigqueryConnection } from './bigquery-client.adapter.js';

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } =
  new ConfigurableModuleBuilder<BigqueryConnection>({
    moduleName: 'BigqueryTables',
  })
    .setClassMethodName('forRoot')
    .build();
