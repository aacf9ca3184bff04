#!/usr/bin/env bash
# Writes the file of the Dataflow job's Flex Template to Cloud Storage.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'TEXT'
Usage: scripts/build-dataflow-template.sh PROJECT_ID TEMPLATE_PATH --image IMAGE [options]

Writes the Flex Template to TEMPLATE_PATH, gs://BUCKET/FOLDER/NAME-VERSION.json, for an image that was built from
docker/dataflow.Dockerfile and pushed. The path carries a version (1.4.0) or a commit: Terraform does not see when a
template is written again under its old path. Nothing is built here, so neither Cloud Build nor Maven is needed.

  --image IMAGE        the job's image, by digest (…@sha256:…)
  --print-only         print the template's file and the command; write nothing
  --help               print this

Exit codes: 0 written, 1 something failed, 2 wrong arguments, 3 gcloud is missing.
TEXT
}

wrong() {
  printf '%s\nSee scripts/build-dataflow-template.sh --help\n' "$1" >&2
  exit 2
}

IMAGE=''
PRINT_ONLY=''
POSITIONAL=()
while (($# > 0)); do
  case $1 in
    --help | -h) usage && exit 0 ;;
    --print-only) PRINT_ONLY=1 ;;
    --image)
      (($# > 1)) || wrong "$1 wants a value."
      IMAGE=$2
      shift
      ;;
    -*) wrong "There is no option $1." ;;
    *) POSITIONAL+=("$1") ;;
  esac
  shift
done
((${#POSITIONAL[@]} == 2)) || wrong 'A project id and the path of the template are needed.'
PROJECT_ID=${POSITIONAL[0]}
TEMPLATE_PATH=${POSITIONAL[1]}
[[ $PROJECT_ID =~ ^[a-z][a-z0-9-]{4,28}[a-z0-9]$ ]] || wrong "\"$PROJECT_ID\" is not the id of a project."
[[ $TEMPLATE_PATH =~ ^gs://[^/]+/(.+[-/])?(v?[0-9]+\.[0-9]+\.[0-9]+|[0-9a-f]{7,40})[^/]*\.json$ ]] ||
  wrong "\"$TEMPLATE_PATH\" is not gs://BUCKET/…-VERSION.json."
[[ $IMAGE =~ @sha256:[0-9a-f]{64}$ ]] || wrong "--image names the job's image by digest (…@sha256:…); \"$IMAGE\" does not."

BUILD=(
  gcloud dataflow flex-template build "$TEMPLATE_PATH"
  --project="$PROJECT_ID"
  --sdk-language=JAVA
  --metadata-file=dataflow/metadata.json
  --image="$IMAGE"
)
if [[ -n $PRINT_ONLY ]]; then
  BUILD+=(--print-only)
  printf '+ %s\n' "$(printf '%q ' "${BUILD[@]}")" >&2
fi
if ! command -v gcloud > /dev/null; then
  printf 'gcloud is not installed. See https://cloud.google.com/sdk/docs/install\n' >&2
  exit 3
fi
exec "${BUILD[@]}"
