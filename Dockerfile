# Two images: `programs` (api, gateway, orchestrator and worker: one image, a command each) and `web` (nginx with the dashboard).
#   docker build --target programs -t sath:0.1.0 .
#   docker build --target web -t sath-web:0.1.0 .
# The bots' image is made by the orchestrator at its first start, from the Node and the bundle of `programs`.
ARG NODE_IMAGE=node:20.20.2-bookworm-slim
ARG NGINX_IMAGE=nginx:1.28.0-bookworm

FROM ${NODE_IMAGE} AS install
WORKDIR /sath
ENV CI=true
# The packages first: they are fetched again only when the lockfile changes.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
RUN npm install --global --ignore-scripts "$(node -p "require('./package.json').packageManager")" && pnpm fetch
COPY . .
RUN pnpm install --frozen-lockfile --offline

# What runs and nothing else: no compiler, no sources, no tests.
FROM install AS built-programs
RUN node_modules/.bin/tsc -b api gateway orchestrator worker bot-runtime && node bot-runtime/scripts/bundle.mjs
RUN find . -name node_modules -type d -prune -exec rm -rf {} + \
 && pnpm install --frozen-lockfile --offline --prod \
      --filter '@sath/api...' --filter '@sath/gateway...' --filter '@sath/orchestrator...' \
      --filter '@sath/worker...' \
 && rm -rf bench cli dashboard e2e standalone grafana nginx scripts packages/testkit packages/embedded-postgres \
 && find bot-runtime -mindepth 1 -maxdepth 1 ! -name dist -exec rm -rf {} + \
 && find . -name node_modules -prune -o -name src -type d -prune -exec rm -rf {} + \
 && find . -name node_modules -prune -o -type f \
      \( -name '*.test.*' -o -name '*.d.ts*' -o -name '*.js.map' -o -name '*.tsbuildinfo' \) -exec rm -f {} +

FROM ${NODE_IMAGE} AS programs
# The volumes take the owner of these folders when they are first mounted. Bots run as 10001, so no file here is theirs.
RUN groupadd --gid 10000 sath && useradd --uid 10000 --gid sath --no-create-home --home-dir /nonexistent sath \
 && install -d -o sath -g sath -m 0700 /keys/opening /keys/api
WORKDIR /sath
ENV NODE_ENV=production
COPY --from=built-programs /sath /sath
USER 10000:10000
CMD ["node", "api/build/main.js"]

FROM install AS built-page
RUN pnpm --filter @sath/dashboard build

FROM ${NGINX_IMAGE} AS web
USER root
RUN command -v openssl >/dev/null \
 || (apt-get update && apt-get install -y --no-install-recommends openssl && rm -rf /var/lib/apt/lists/*)
RUN install -d -o 101 -g 101 -m 0755 /srv/acme && install -d -o 101 -g 101 -m 0700 /etc/letsencrypt
COPY --from=built-page /sath/dashboard/dist /srv/dashboard
COPY nginx/nginx.conf.template nginx/start.sh /opt/sath/
USER 101:101
STOPSIGNAL SIGQUIT
ENTRYPOINT ["/opt/sath/start.sh"]
CMD []
