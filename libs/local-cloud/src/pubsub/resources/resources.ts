/**
 * The resources in the form of REST v1: what `get` answers, what the journal keeps.
 *
 * Source: https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions, read 2026-11-22.
 */
export interface TopicResource {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly messageStoragePolicy?: object;
  readonly kmsKeyName?: string;
  readonly messageRetentionDuration?: string;
  readonly state?: string;
}

export interface PushConfig {
  readonly pushEndpoint?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly oidcToken?: { readonly serviceAccountEmail?: string; readonly audience?: string };
  readonly pubsubWrapper?: object;
  readonly noWrapper?: { readonly writeMetadata?: boolean };
}

export interface BigQueryConfig {
  readonly table?: string;
  readonly useTopicSchema?: boolean;
  readonly useTableSchema?: boolean;
  readonly writeMetadata?: boolean;
  readonly dropUnknownFields?: boolean;
  readonly serviceAccountEmail?: string;
  readonly state?: string;
}

export interface CloudStorageConfig {
  readonly bucket?: string;
  readonly filenamePrefix?: string;
  readonly filenameSuffix?: string;
  readonly filenameDatetimeFormat?: string;
  readonly textConfig?: object;
  readonly avroConfig?: { readonly writeMetadata?: boolean; readonly useTopicSchema?: boolean };
  readonly maxDuration?: string;
  readonly maxBytes?: string;
  readonly maxMessages?: string;
  readonly serviceAccountEmail?: string;
  readonly state?: string;
}

export interface SubscriptionResource {
  readonly name: string;
  readonly topic: string;
  readonly pushConfig?: PushConfig;
  readonly bigqueryConfig?: BigQueryConfig;
  readonly cloudStorageConfig?: CloudStorageConfig;
  readonly ackDeadlineSeconds?: number;
  readonly retainAckedMessages?: boolean;
  readonly messageRetentionDuration?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly enableMessageOrdering?: boolean;
  readonly expirationPolicy?: { readonly ttl?: string };
  readonly filter?: string;
  readonly deadLetterPolicy?: { readonly deadLetterTopic?: string; readonly maxDeliveryAttempts?: number };
  readonly retryPolicy?: { readonly minimumBackoff?: string; readonly maximumBackoff?: string };
  readonly detached?: boolean;
  readonly enableExactlyOnceDelivery?: boolean;
  readonly topicMessageRetentionDuration?: string;
  readonly state?: string;
}

export interface SnapshotResource {
  readonly name: string;
  readonly topic: string;
  readonly expireTime: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A message as REST carries it; `data` in base64. */
export interface MessageJson {
  readonly data?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly messageId?: string;
  readonly publishTime?: string;
  readonly orderingKey?: string;
}
