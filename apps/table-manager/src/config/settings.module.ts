import { Global, Module, type DynamicModule } from '@nestjs/common';
import { TableManagerSettings } from './table-manager.settings.js';

/** Makes the settings injectable by their class. */
@Global()
@Module({})
export class SettingsModule {
  static forRoot(settings: Readonly<TableManagerSettings>): DynamicModule {
    const provider = { provide: TableManagerSettings, useValue: settings };
    return { module: SettingsModule, providers: [provider], exports: [provider] };
  }
}
