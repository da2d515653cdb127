#!/usr/bin/env bash
# Builds, uploads and puts into service; the version from before comes back by itself when the new one is not healthy.
#   ./deploy.sh [--host pawtech] [--path /home/ubuntu/pawtropolis-tech] [--name pawtropolis] [--health-limit 60]
# The same by environment: DEPLOY_HOST, DEPLOY_PATH, DEPLOY_NAME, DEPLOY_HEALTH_LIMIT. See docs/operations/deploy.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=scripts/target.sh
source scripts/target.sh
read_target "$@"

trap 'rm -f deploy.tar.gz' EXIT

echo "=== Building application ==="
npm run build

echo "=== Creating deployment archive ==="
tar -czf deploy.tar.gz dist/ migrations/ package.json package-lock.json .env.example ecosystem.config.example.cjs

echo "=== Uploading to production ==="
scp deploy.tar.gz "$host:$path/"

echo "=== Deploying on server ==="
on_server release

echo "=== Cleaning up ==="
rm deploy.tar.gz

echo "=== Deployment complete! ==="
echo "Check logs with: ssh $host \"pm2 logs $name --lines 50\""
