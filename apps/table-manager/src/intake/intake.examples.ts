/** A wrapped push of `{"event_type":"order","order_id":"o_1"}`. */
export function examplePush(): object {
  return {
    message: {
      messageId: '10721501285371497',
      publishTime: '2026-11-22T23:05:00.123Z',
      data: 'eyJldmVudF90eXBlIjoib3JkZXIiLCJvcmRlcl9pZCI6Im9fMSJ9',
    },
    subscription: 'projects/local-project/subscriptions/backend-events-topic-sub',
  };
}

const FAILURES = {
  TOKEN_MISSING: {
    message: 'Send an OIDC token of an allowed service account: Authorization: Bearer TOKEN',
  },
  ACCOUNT_NOT_ALLOWED: {
    message: 'a@p.iam.gserviceaccount.com may not call this service: add it to the allowed service accounts',
  },
  BODY_TOO_LARGE: { message: 'The body is longer than 14680064 bytes' },
  TOO_MANY_BYTES_IN_FLIGHT: {
    message: 'Too many request bytes in flight (50331600 of 50331648); retry after 1 s',
  },
  DATASET_NOT_FOUND: {
    message: 'dataset prod_events_dataset does not exist in project local-project: create it with bq mk …',
    details: { disposition: 'setup', table: 'orders' },
  },
} as const;

/** The body of an answer that is not a success. */
export function exampleFailure(code: keyof typeof FAILURES): object {
  return { error: { code, ...FAILURES[code] } };
}
