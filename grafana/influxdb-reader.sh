#!/bin/bash
# Runs once, when InfluxDB is set up: gives grafana a user that may read the one bucket through InfluxQL, and nothing else.
set -euo pipefail

influx v1 dbrp create --org "$DOCKER_INFLUXDB_INIT_ORG" --bucket-id "$DOCKER_INFLUXDB_INIT_BUCKET_ID" \
  --db "$DOCKER_INFLUXDB_INIT_BUCKET" --rp autogen --default
influx v1 auth create --org "$DOCKER_INFLUXDB_INIT_ORG" --read-bucket "$DOCKER_INFLUXDB_INIT_BUCKET_ID" \
  --username grafana --password "$INFLUX_READER_PASSWORD"
