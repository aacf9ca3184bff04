# syntax=docker/dockerfile:1
# Launcher image of the Dataflow job's Flex Template. Build from the root of the repository:
#   docker build --file docker/dataflow.Dockerfile --tag pipeline-dataflow .
# Give both images with a digest (…@sha256:…) to pin their bytes: Google's launcher has no tag per version.
ARG MAVEN_IMAGE=maven:3.9.11-eclipse-temurin-17
ARG LAUNCHER_IMAGE=gcr.io/dataflow-templates-base/java17-template-launcher-base-distroless:latest

FROM ${MAVEN_IMAGE} AS build
WORKDIR /app/dataflow
# The manifest first, so that a change of source downloads nothing.
COPY dataflow/.mvn/ .mvn/
COPY dataflow/pom.xml ./
RUN ["mvn", "--batch-mode", "--no-transfer-progress", "-Pbundle", "-Dmaven.test.skip=true", "dependency:go-offline"]
COPY dataflow/src/main/ src/main/
RUN ["mvn", "--batch-mode", "--no-transfer-progress", "-Pbundle", "-Dmaven.test.skip=true", "package"]

FROM ${LAUNCHER_IMAGE} AS runtime
ENV FLEX_TEMPLATE_JAVA_MAIN_CLASS=io.pipeline.dataflow.pipeline.EventsToBigQuery \
    FLEX_TEMPLATE_JAVA_CLASSPATH=/template/pipeline-dataflow-bundled.jar
COPY --from=build /app/dataflow/target/pipeline-dataflow-bundled.jar /template/
# The launcher only reads the jar and its own files.
USER 1000:1000
ENTRYPOINT ["/opt/google/dataflow/java_template_launcher"]
