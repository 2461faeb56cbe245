# Two images: `programs` (api, gateway and orchestrator: one image, a command each) and `web` (nginx with the dashboard).
#   docker build --target programs -t sath:0.1.0 .
#   docker build --target web -t sath-web:0.1.0 .
ARG NODE_IMAGE=node:20.20.2-bookworm-slim
ARG NGINX_IMAGE=nginx:1.28.0-bookworm

FROM ${NODE_IMAGE} AS build
WORKDIR /sath
ENV CI=true
# The packages first: they are fetched again only when the lockfile changes.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
RUN npm install --global --ignore-scripts "$(node -p "require('./package.json').packageManager")" && pnpm fetch
COPY . .
RUN pnpm install --frozen-lockfile --offline
RUN node_modules/.bin/tsc -b api gateway orchestrator bot-runtime
RUN pnpm --filter @sath/dashboard build

# The same tree with what runs: no compiler, no sources, no tests.
FROM build AS prune
RUN find . -name node_modules -type d -prune -exec rm -rf {} + \
 && pnpm install --frozen-lockfile --offline --prod \
      --filter '@sath/api...' --filter '@sath/gateway...' --filter '@sath/orchestrator...' --filter '@sath/bot-runtime...' \
 && rm -rf bench dashboard e2e standalone grafana nginx scripts packages/testkit packages/embedded-postgres \
 && find . -name node_modules -prune -o -name src -type d -prune -exec rm -rf {} + \
 && find . -name node_modules -prune -o -type f \( -name '*.test.*' -o -name '*.d.ts*' -o -name '*.tsbuildinfo' \) -exec rm -f {} +

FROM ${NODE_IMAGE} AS programs
# The volumes take the owner of these folders when they are first mounted. Bots run as 10001, so no file here is theirs.
RUN groupadd --gid 10000 sath && useradd --uid 10000 --gid sath --no-create-home --home-dir /nonexistent sath \
 && install -d -o sath -g sath -m 0700 /keys/opening /keys/api
WORKDIR /sath
ENV NODE_ENV=production
COPY --from=prune /sath /sath
USER 10000:10000
CMD ["node", "api/build/main.js"]

FROM ${NGINX_IMAGE} AS web
USER root
RUN command -v openssl >/dev/null || (apt-get update && apt-get install -y --no-install-recommends openssl && rm -rf /var/lib/apt/lists/*)
RUN install -d -o 101 -g 101 -m 0755 /srv/acme && install -d -o 101 -g 101 -m 0700 /etc/letsencrypt
COPY --from=build /sath/dashboard/dist /srv/dashboard
COPY nginx/nginx.conf.template nginx/start.sh /opt/sath/
USER 101:101
STOPSIGNAL SIGQUIT
ENTRYPOINT ["/opt/sath/start.sh"]
CMD []
