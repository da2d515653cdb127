#!/usr/bin/env bash
# Puts the previous release back into service, with --with-database also the database saved before the deployment.
#   ./rollback.sh [--with-database] [--host pawtech] [--path /home/ubuntu/pawtropolis-tech] [--name pawtropolis]
# See docs/operations/rollback.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=scripts/target.sh
source scripts/target.sh

with_database=no
arguments=()
for argument in "$@"; do
  if [[ $argument == --with-database ]]; then with_database=yes; else arguments+=("$argument"); fi
done
read_target "${arguments[@]}"

echo "=== Rolling back on server ==="
on_server rollback "$with_database"

echo "=== Rollback complete! ==="
echo "Check logs with: ssh $host \"pm2 logs $name --lines 50\""
