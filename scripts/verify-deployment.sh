#!/usr/bin/env bash
# Asks every part of a deployed environment whether it is well.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/common.sh
source scripts/common.sh
# shellcheck source=scripts/deployment.sh
source scripts/deployment.sh

help() {
  cat <<'TEXT'
Usage: scripts/verify-deployment.sh PROJECT_ID ENVIRONMENT [options]

Asks every part whether it is well: topics, subscriptions, dataset, bucket, the services' readiness, the triggers and, in
dataflow mode, the job. Prints a line for each; exit code 1 when one is not.

TEXT
  deployment_options
}

parse_deployment "$@"
require gcloud 'See https://cloud.google.com/sdk/docs/install'

FAILED=0

# check NAME COMMAND…: the command says by its exit code whether the part is well.
check() {
  local name=$1
  shift
  if [[ -n ${DRY_RUN:-} ]]; then
    run "$@"
  elif output=$("$@" 2>&1); then
    printf 'ok      %s\n' "$name"
  else
    printf 'FAILED  %s: %s\n' "$name" "$(tail -n 1 <<< "$output")"
    FAILED=1
  fi
}

# Cloud Run's word: the newest revision passed its probes and gets the traffic. The service itself may not be asked from
# everywhere, since table-manager takes requests from inside the project only.
# shellcheck disable=SC2317 # called by check
service_is_ready() {
  local created ready
  read -r created ready < <(gcloud run services describe "$1" --project "$PROJECT_ID" --region "$REGION" \
    --format='value(status.latestCreatedRevisionName,status.latestReadyRevisionName)')
  [[ -n $created && $created == "$ready" ]] || { echo "its newest revision ${created:-(none)} is not ready" && return 1; }
}

# shellcheck disable=SC2317 # called by check
job_runs() {
  local state
  state=$(gcloud dataflow jobs list --project "$PROJECT_ID" --region "$REGION" --status=active \
    --filter="name:$ENVIRONMENT-" --format='value(state)')
  [[ $state == *Running* ]] || { echo "no job whose name begins with $ENVIRONMENT- runs" && return 1; }
}

for topic in backend-events-topic backend-events-replay backend-events-dead-letter; do
  check "topic $topic" gcloud pubsub topics describe "$topic" --project "$PROJECT_ID"
done
for subscription in backend-events-topic-sub backend-events-archive backend-events-replay-sub backend-events-dead-letter-archive; do
  check "subscription $subscription" gcloud pubsub subscriptions describe "$subscription" --project "$PROJECT_ID"
done
check 'dataset' bq --project_id "$PROJECT_ID" show "${ENVIRONMENT}_events_dataset"
check 'bucket of files' gcloud storage buckets describe "gs://$PROJECT_ID-$ENVIRONMENT-events"
check 'table-manager' service_is_ready "$ENVIRONMENT-table-manager"
check 'event-generator' service_is_ready "$ENVIRONMENT-event-generator"
check 'triggers' gcloud eventarc triggers describe "$ENVIRONMENT-table-manager" --location "$REGION" --project "$PROJECT_ID"
if [[ -n ${DRY_RUN:-} ]] || gcloud storage buckets describe "gs://$PROJECT_ID-$ENVIRONMENT-templates" > /dev/null 2>&1; then
  check 'Dataflow job' job_runs
fi
exit "$FAILED"
