# Prometheus as Debian packages and mends it, for `docker compose --profile observability`. Build with deploy/compose as context.
FROM debian:bookworm-slim
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends prometheus >/dev/null \
 && rm -rf /var/lib/apt/lists/* \
 && install --directory --owner prometheus --group prometheus /prometheus /etc/talent-exchange
USER prometheus
EXPOSE 9090
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["promtool", "query", "instant", "http://127.0.0.1:9090", "1"]
ENTRYPOINT ["prometheus", "--config.file=/etc/talent-exchange/prometheus.yml", "--storage.tsdb.path=/prometheus", "--storage.tsdb.retention.time=30d", "--web.console.libraries=/usr/share/prometheus/console_libraries"]
