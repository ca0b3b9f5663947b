# syntax=docker/dockerfile:1

# Tags, so that a build takes the fixes of the day; docs/install.md tells how to pin them by digest.
ARG BUILD_IMAGE=node:24-trixie-slim
ARG RUN_IMAGE=gcr.io/distroless/nodejs24-debian13:nonroot

# On the platform that it is for: native packages (resvg) are those of the machine that installs them.
FROM ${BUILD_IMAGE} AS build
WORKDIR /src
ENV NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json ./
# No install scripts: no package needs one, and none gets to run one.
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY . .
# The history's folder is the one place beside /tmp that is written; whoever runs it may be another user.
RUN node scripts/image-tree.mjs /out/app && mkdir -m 1777 /out/data

# No shell, no package manager.
FROM ${RUN_IMAGE}
LABEL org.opencontainers.image.title="Ingress Atlas" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /out/app /app
COPY --from=build /out/data /data
WORKDIR /app
USER 65532:65532
# Next listens on HOSTNAME, which a container runtime would set to the pod's name; settings are checked against HOST.
ENV NODE_ENV=production \
    NEXT_TELEMETRY_DISABLED=1 \
    HOSTNAME=0.0.0.0 \
    HOST=0.0.0.0 \
    PORT=3000 \
    DATABASE_URL=sqlite:/data/history.sqlite
EXPOSE 3000
ENTRYPOINT ["/nodejs/bin/node"]
CMD ["--max-semi-space-size=32", "server.js"]
