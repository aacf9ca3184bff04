import { ServiceSettings, type SettingSource } from '@pipeline/platform';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';

/** Settings of the event generator, from its environment. */
export class EventGeneratorSettings extends ServiceSettings {
  static override readonly sources: Readonly<Record<string, SettingSource>> = {
    ...ServiceSettings.sources,
    topic: {
      variable: 'TOPIC',
      expects: 'the name of a Pub/Sub topic, without project and without environment prefix',
      purpose: 'Topic that events are published to',
    },
    pubsubEmulatorHost: {
      variable: 'PUBSUB_EMULATOR_HOST',
      expects: 'host:port of a Pub/Sub emulator, for example 127.0.0.1:8085',
      purpose: 'Emulator to publish to instead of Google Cloud',
    },
    publishTimeoutMs: {
      variable: 'PUBLISH_TIMEOUT_MS',
      expects: 'a whole number of milliseconds from 1000 to 600000',
      purpose: 'Time limit for Pub/Sub to accept a batch, retries included; then the request fails',
    },
  };

  /** Source: https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names, read 2026-11-22. */
  @Matches(/^[A-Za-z][A-Za-z0-9._~+%-]{2,254}$/)
  readonly topic: string = 'backend-events-topic';

  @IsOptional()
  @IsString()
  @Matches(/^[^\s/:]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/)
  readonly pubsubEmulatorHost?: string;

  @Type(() => Number)
  @IsInt()
  @Min(1_000)
  @Max(600_000)
  readonly publishTimeoutMs: number = 20_000;
}
