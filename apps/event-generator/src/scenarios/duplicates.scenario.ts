import { rowMessage, type Scenario } from './scenario.js';

/** Number of times that each event is published; Pub/Sub treats each as a separate message. */
const COPIES = 3;

/** A producer that publishes again when it is unsure, and one that claims to be a replay. */
export const duplicates: Scenario = {
  name: 'duplicates',
  summary:
    'Every event is published three times, the third time claiming by attribute to be the replay of message 1.',
  outcome:
    'Three rows, because each publish is a separate message. The claim is ignored outside the replay topic.',
  messageAt(_faker, index) {
    const event = Math.floor(index / COPIES);
    return rowMessage(
      JSON.stringify({
        event_type: 'scenario_duplicates',
        order_id: `order-${event}`,
        amount: 1 + (event % 500),
      }),
      index % COPIES === COPIES - 1 ? { pipeline_replay_of: '1' } : {},
    );
  },
};
