#!/usr/bin/env bash
# Builds the Flex Template of the Dataflow job: the jar, its launcher image and the template's file in Cloud Storage.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'TEXT'
Usage: scripts/build-dataflow-template.sh PROJECT_ID TEMPLATE_PATH [options]

Builds dataflow/ and writes its Flex Template to TEMPLATE_PATH, gs://BUCKET/FOLDER/NAME-VERSION.json. The path carries
a version (1.4.0) or a commit: Terraform does not see when a template is written anew under its old path.

  --region REGION      region of the image's repository (default us-central1)
  --repository NAME    repository of Artifact Registry (default pipeline)
  --image IMAGE        use this image, built from docker/dataflow.Dockerfile and pushed, instead of one that gcloud
                       builds from the jar
  --print-only         print the template's file and the command; build and write nothing
  --help               print this

Exit codes: 0 written, 1 something failed, 2 wrong arguments, 3 a tool is missing.
TEXT
}

wrong() {
  printf '%s\nSee scripts/build-dataflow-template.sh --help\n' "$1" >&2
  exit 2
}

REGION=us-central1
REPOSITORY=pipeline
IMAGE=''
PRINT_ONLY=''
POSITIONAL=()
while (($# > 0)); do
  case $1 in
    --help | -h) usage && exit 0 ;;
    --print-only) PRINT_ONLY=1 ;;
    --region | --repository | --image)
      (($# > 1)) || wrong "$1 wants a value."
      case $1 in
        --region) REGION=$2 ;;
        --repository) REPOSITORY=$2 ;;
        --image) IMAGE=$2 ;;
      esac
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

NAME=$(basename "$TEMPLATE_PATH" .json)
JAR=dataflow/target/pipeline-dataflow-bundled.jar
MAIN_CLASS=io.pipeline.dataflow.pipeline.EventsToBigQuery

BUILD=(
  gcloud dataflow flex-template build "$TEMPLATE_PATH"
  --project="$PROJECT_ID"
  --sdk-language=JAVA
  --metadata-file=dataflow/metadata.json
)
if [[ -n $IMAGE ]]; then
  BUILD+=(--image="$IMAGE")
else
  BUILD+=(
    --image-gcr-path="$REGION-docker.pkg.dev/$PROJECT_ID/$REPOSITORY/dataflow-job:${NAME##*/}"
    --flex-template-base-image=JAVA17
    --jar="$JAR"
    --env="FLEX_TEMPLATE_JAVA_MAIN_CLASS=$MAIN_CLASS"
  )
fi

missing() {
  printf '%s is not installed. %s\n' "$1" "$2" >&2
  exit 3
}

if [[ -n $PRINT_ONLY ]]; then
  printf '+ %s\n' "$(printf '%q ' "${BUILD[@]}")" >&2
  command -v gcloud > /dev/null || missing gcloud 'See https://cloud.google.com/sdk/docs/install'
  # gcloud prints the file without asking for anything but a jar that is there, and an image.
  [[ -n $IMAGE || -f $JAR ]] || wrong "$JAR is not built: mvn -Pbundle package in dataflow/, or give --image."
  exec "${BUILD[@]}" --print-only
fi

command -v gcloud > /dev/null || missing gcloud 'See https://cloud.google.com/sdk/docs/install'
if [[ -z $IMAGE ]]; then
  command -v mvn > /dev/null || missing mvn 'Install Maven 3.8 or newer, and a JDK 17.'
  (cd dataflow && mvn --batch-mode --no-transfer-progress -Pbundle -Dmaven.test.skip=true package)
fi
exec "${BUILD[@]}"
