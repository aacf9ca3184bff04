# syntax=docker/dockerfile:1
# Image of console. Build from the root of the repository:
#   docker build --file docker/console.Dockerfile --tag console .
# The tag is exact; give NODE_IMAGE with a digest (node:24.21.0-bookworm-slim@sha256:…) to pin the bytes as well.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

# What npm needs to know: the manifests of all workspaces, so that a change of source reinstalls nothing.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /app
COPY .npmrc package.json package-lock.json ./
COPY apps/cli/package.json apps/cli/
COPY apps/console/package.json apps/console/
COPY apps/event-generator/package.json apps/event-generator/
COPY apps/table-manager/package.json apps/table-manager/
COPY libs/bigquery-tables/package.json libs/bigquery-tables/
COPY libs/books/package.json libs/books/
COPY libs/contracts/package.json libs/contracts/
COPY libs/cloudevents/package.json libs/cloudevents/
COPY libs/google-clients/package.json libs/google-clients/
COPY libs/local-cloud/package.json libs/local-cloud/
COPY libs/platform/package.json libs/platform/
COPY libs/schema-inference/package.json libs/schema-inference/
COPY libs/testing/package.json libs/testing/

FROM manifests AS build
RUN npm ci --ignore-scripts
COPY tsconfig.base.json ./
COPY libs/ libs/
COPY apps/ apps/
COPY scripts/build-page.mjs scripts/
RUN ["node", "node_modules/typescript/bin/tsc", "--build", "apps/console/tsconfig.app.json"]
RUN ["node", "scripts/build-page.mjs"]

# The dependencies of this one workspace. npm installs other workspaces even where only specs want them, whatever is
# omitted, so those wishes are taken out first.
FROM manifests AS production
RUN npm pkg delete devDependencies --workspaces \
  && npm ci --ignore-scripts --omit=dev --workspace=@pipeline/console \
  && npm cache clean --force
COPY --from=build /app/libs/platform/dist libs/platform/dist
COPY --from=build /app/libs/google-clients/dist libs/google-clients/dist
COPY --from=build /app/libs/schema-inference/dist libs/schema-inference/dist
COPY --from=build /app/libs/bigquery-tables/dist libs/bigquery-tables/dist
COPY --from=build /app/libs/books/dist libs/books/dist
COPY --from=build /app/apps/console/dist apps/console/dist

FROM ${NODE_IMAGE} AS runtime
# The heap of an instance of 512 MiB, as Terraform makes it.
ENV NODE_ENV=production \
    NODE_OPTIONS="--enable-source-maps --max-old-space-size=320"
WORKDIR /app
COPY --from=production /app /app
# The image's own unprivileged user, node; what it runs belongs to root and cannot be changed by it.
USER 1000:1000
EXPOSE 8082
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 8082) + '/liveness').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "apps/console/dist/main.js"]
