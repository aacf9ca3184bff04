#!/usr/bin/env bash
# Builds the Flex Template of the Dataflow job and updates the running job to it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/common.sh
source scripts/common.sh
# shellcheck source=scripts/deployment.sh
source scripts/deployment.sh

help() {
  cat <<'TEXT'
Usage: scripts/deploy-dataflow.sh PROJECT_ID ENVIRONMENT [options]

Builds the image of the job and pushes it, writes its Flex Template to the environment's bucket under a path with the
version, and applies the environment with it. A running job is updated in place: what it holds is kept.

  --image IMAGE          use this image (…@sha256:…) of docker/dataflow.Dockerfile, which is pushed already
  --template PATH        use this template (gs://…-VERSION.json), which is written already, and build none
TEXT
  deployment_options
}

EXTRA_OPTIONS='--image --template'
TEMPLATE=''
IMAGE=''
parse_deployment "$@"
require gcloud 'See https://cloud.google.com/sdk/docs/install'
require terraform 'See https://developer.hashicorp.com/terraform/install'

if [[ -z $TEMPLATE ]]; then
  step 'Image of the job'
  push_image dataflow
  TEMPLATE=gs://$PROJECT_ID-$ENVIRONMENT-templates/templates/events-$VERSION.json
  step "Template $TEMPLATE"
  run scripts/build-dataflow-template.sh "$PROJECT_ID" "$TEMPLATE" --image "$IMAGE"
fi

step "Deploying $TEMPLATE"
deploy_values "{\"template_path\": \"$TEMPLATE\"}"
