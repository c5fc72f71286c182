#!/bin/sh
# The first thing that runs in every image. A password or a key may be given in a file, whose path is NAME_FILE.
#   (nothing)   runs the service
#   prepare     migrates its database and looks after the topics, and ends
set -eu
for name in LOTI_KAFKA_PASSWORD PGPASSWORD LOTI_SMTP_PASSWORD LOTI_LINK_KEYS LOTI_SESSION_KEYS LOTI_WEBHOOK_KEYS; do
  eval "file=\${${name}_FILE:-}"
  [ -z "$file" ] && continue
  value=$(cat "$file")
  export "$name=$value"
done

case "$LOTI_SERVICE" in
  local | access) exec python -m "$@" ;;
esac
if [ "${1:-}" = prepare ]; then
  shift
  exec python -m loti_contracts.delivery.preparing "services.$LOTI_SERVICE.app" "$@"
fi
exec python -m "services.$LOTI_SERVICE.app" "$@"
