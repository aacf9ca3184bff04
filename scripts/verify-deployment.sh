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

Asks every part whether it is well and is what was deployed last: topics, subscriptions, datasets, bucket, the services'
readiness and images, the triggers and, in dataflow mode, the job and its template. Prints a line for each; exit code 1 when
one is not.

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

# True if the service's newest revision passed its probes, gets the traffic and runs the image that was deployed last. Asks
# Cloud Run and not the service, because table-manager takes requests from inside the project only.
# shellcheck disable=SC2317 # called by check
service_is_ready() {
  local created ready image expected
  read -r created ready image < <(gcloud run services describe "$ENVIRONMENT-$1" --project "$PROJECT_ID" --region "$REGION" \
    --format='value(status.latestCreatedRevisionName,status.latestReadyRevisionName,spec.template.spec.containers[0].image)')
  [[ -n $created && $created == "$ready" ]] || { echo "its newest revision ${created:-(none)} is not ready" && return 1; }
  expected=$(record value "$WORK/current.json" values images "${1//-/_}")
  [[ -z $expected || $image == "$expected" ]] || { echo "it runs $image instead of $expected" && return 1; }
}

# True if the job runs, with the template that was deployed last: its label names it. A job that Dataflow adopted after a
# failed launch may still run an older one.
# shellcheck disable=SC2317 # called by check
job_runs() {
  local id state template expected
  read -r id state < <(gcloud dataflow jobs list --project "$PROJECT_ID" --region "$REGION" --status=active \
    --filter="name:$ENVIRONMENT-" --format='value(id,state)')
  [[ ${state:-} == *Running* ]] || { echo "no job whose name begins with $ENVIRONMENT- runs" && return 1; }
  expected=$(basename "$(record value "$WORK/current.json" values template_path)" .json | tr '[:upper:]' '[:lower:]' | tr -c 'a-z0-9_\n-' _)
  template=$(gcloud dataflow jobs describe "$id" --project "$PROJECT_ID" --region "$REGION" --format='value(labels.template)')
  [[ -z $expected || $template == "$expected" ]] || { echo "it runs template ${template:-(none)} instead of $expected; run scripts/deploy-dataflow.sh again" && return 1; }
}

read_object "$CURRENT" "$WORK/current.json"

for topic in backend-events-topic backend-events-replay backend-events-dead-letter pipeline-notices; do
  check "topic $topic" gcloud pubsub topics describe "$topic" --project "$PROJECT_ID"
done
for subscription in backend-events-topic-sub backend-events-archive backend-events-replay-sub backend-events-dead-letter-archive; do
  check "subscription $subscription" gcloud pubsub subscriptions describe "$subscription" --project "$PROJECT_ID"
done
for dataset in events_dataset events_archive; do
  check "dataset ${ENVIRONMENT//-/_}_$dataset" bq --project_id "$PROJECT_ID" show "${ENVIRONMENT//-/_}_$dataset"
done
check 'bucket of files' gcloud storage buckets describe "gs://$PROJECT_ID-$ENVIRONMENT-events"
check 'table-manager' service_is_ready table-manager
check 'event-generator' service_is_ready event-generator
if [[ -n $(record value "$WORK/current.json" values images console) ]]; then
  check 'console' service_is_ready console
fi
check 'triggers' gcloud eventarc triggers describe "$ENVIRONMENT-table-manager" --location "$REGION" --project "$PROJECT_ID"
if [[ -n ${DRY_RUN:-} ]] || gcloud storage buckets describe "gs://$PROJECT_ID-$ENVIRONMENT-templates" > /dev/null 2>&1; then
  check 'Dataflow job' job_runs
fi
exit "$FAILED"
