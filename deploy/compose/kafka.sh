#!/usr/bin/env bash
# Starts Kafka as its image does. An image without the public image's launcher refuses, when it starts, a data folder
# that has been formatted before; with such an image the settings are made here, and that refusal is no error.
set -euo pipefail

if [ -e /etc/kafka/docker/launch ] || [ ! -s "$KAFKA_LOG_DIRS/meta.properties" ]; then
  exec bash /etc/kafka/docker/run
fi

export CLUSTER_ID=${CLUSTER_ID:-5L6g3nShT-eMCtK--X86sw}  # the image's default; the folder's own is what counts
said=$(java -cp '/opt/kafka/libs/*' kafka.docker.KafkaDockerWrapper setup --default-configs-dir /etc/kafka/docker \
  --mounted-configs-dir /mnt/shared/config --final-configs-dir /opt/kafka/config 2>&1) \
  || [[ $said == *"already formatted"* ]] || { echo "$said" >&2; exit 1; }
# shellcheck disable=SC2086  # options are words
exec java ${KAFKA_HEAP_OPTS:-} -cp '/opt/kafka/libs/*' kafka.Kafka /opt/kafka/config/server.properties
