#!/bin/sh
# Stands in for workerd once: keeps the configuration that Miniflare hands it (test/runtime.mjs starts workerd with it
# again and again, without all else that Miniflare does), then becomes workerd.
set -e
cat > "$EARSHOT_RECORD/config"
printf '%s\n' "$@" > "$EARSHOT_RECORD/arguments"
exec "$EARSHOT_WORKERD" "$@" < "$EARSHOT_RECORD/config"
