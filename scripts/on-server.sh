#!/usr/bin/env bash
# The server's half of deploy.sh and rollback.sh, which send it over ssh: nothing has to be installed for it.
#   on-server.sh release  FOLDER NAME LIMIT        puts FOLDER/deploy.tar.gz into service
#   on-server.sh rollback FOLDER NAME LIMIT yes|no puts FOLDER/deploy-previous.tar.gz back; yes: with the database
# Exit code 1: not done, and the version from before serves. 2: nothing healthy serves; a person is needed.
# shellcheck disable=SC2317 # undo is called by a trap
# shellcheck disable=SC2016 # what stands in single quotes is JavaScript
set -euo pipefail

# What an archive holds. node_modules is made from its package-lock.json.
PARTS=(dist migrations package.json package-lock.json .env.example ecosystem.config.example.cjs node_modules)

# untouched → stopped → swapped → settled; whatever ends this script early is undone from there.
state=untouched
database=
migrated=no
first=no

say() { printf '=== %s ===\n' "$1"; }

fail() {
  printf 'error: %s\n' "$1" >&2
  exit "${2:-1}"
}

# The daemon that pm2 may start must not keep our lock.
pm2() { command pm2 "$@" 9>&-; }

# One setting, as the bot itself reads it from .env: setting NAME [release].
setting() {
  { NODE_ENV=production node "${2:-.}/dist/scripts/env-check.js" || true; } |
    sed -n "s/^$1? \(.*\) ([^()]*)\$/\1/p"
}

# Unpacks an archive beside the current release and gives it its packages, while the bot goes on.
stage() {
  rm -rf .release
  mkdir .release
  tar -xzf "$1" -C .release
  if [[ -d node_modules ]] && cmp -s package-lock.json .release/package-lock.json && native_fits; then
    echo "The packages have not changed."
    cp -al node_modules .release/node_modules
  else
    (cd .release && npm ci --omit=dev --no-audit --no-fund)
  fi
}

# A newer Node needs better-sqlite3 built anew.
native_fits() { node -e 'new (require("better-sqlite3"))(":memory:")' 2>/dev/null; }

swap() {
  rm -rf .previous
  mkdir .previous
  state=swapped
  local part
  for part in "${PARTS[@]}"; do
    if [[ -e $part ]]; then mv "$part" .previous/; fi
    if [[ -e .release/$part ]]; then mv ".release/$part" .; fi
  done
}

unswap() {
  local part
  for part in "${PARTS[@]}"; do
    if [[ -e .previous/$part ]]; then
      rm -rf "$part"
      mv ".previous/$part" .
    fi
  done
}

known_to_pm2() { pm2 describe "$name" >/dev/null 2>&1; }

stop_bot() {
  state=stopped
  if known_to_pm2; then pm2 stop "$name" >/dev/null; fi
}

start_bot() {
  if known_to_pm2; then
    pm2 restart "$name"
  else
    [[ -f ecosystem.config.cjs ]] || cp ecosystem.config.example.cjs ecosystem.config.cjs
    PM2_PROCESS_NAME=$name pm2 start ecosystem.config.cjs
  fi
}

# Whether GET /health answers 200 three times in a row, from one and the same process of PM2, before the limit.
# A process that PM2 has given up is not waited for.
healthy() {
  local url pid good=0 deadline=$((SECONDS + limit))
  url=http://127.0.0.1:$(setting DASHBOARD_PORT)/health
  pid=$(pm2 pid "$name")
  while ((SECONDS < deadline)); do
    if node -e 'fetch(process.argv[1], { signal: AbortSignal.timeout(3000) }).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))' "$url"; then
      good=$((good + 1))
    else
      good=0
      if grep -q 'status.*errored' <<<"$(pm2 describe "$name")"; then return 1; fi
    fi
    if ((good == 3)); then
      if [[ $pid != 0 && $pid == "$(pm2 pid "$name")" ]]; then return 0; fi
      pid=$(pm2 pid "$name")
      good=0
    fi
    sleep 1
  done
  return 1
}

# The newest migration that the database has seen; nothing for a database that is not there yet.
schema() {
  (cd .release && node -e '
    const file = process.argv[1];
    if (!require("node:fs").existsSync(file)) process.exit(0);
    const db = new (require("better-sqlite3"))(file, { readonly: true });
    const known = db.prepare("SELECT 1 FROM sqlite_master WHERE name = ?").get("effect_sql_migrations");
    if (known) console.log(db.prepare("SELECT max(migration_id) AS id FROM effect_sql_migrations").get().id);
  ' "$database")
}

# data/backup-pre-deploy.db: written beside it, checked, then renamed.
back_up() {
  [[ -f $database ]] || return 0
  (cd .release && node -e '
    const { renameSync, rmSync } = require("node:fs");
    const Database = require("better-sqlite3");
    const [, from, to] = process.argv;
    rmSync(`${to}.new`, { force: true });
    new Database(from).backup(`${to}.new`).then(() => {
      const copy = new Database(`${to}.new`);
      const found = copy.pragma("integrity_check", { simple: true });
      copy.close();
      if (found !== "ok") throw new Error(`the copy is damaged: ${found}`);
      renameSync(`${to}.new`, to);
    });
  ' "$database" "$backup")
  echo "The database is saved in $backup."
}

# Puts the saved database back; the present one is kept under another name.
restore_database() {
  local aside end
  aside="$(dirname "$database")/data-broken-$(date +%Y%m%d-%H%M%S).db"
  for end in "" -wal -shm; do
    if [[ -e $database$end ]]; then mv "$database$end" "$aside$end"; fi
  done
  cp "$backup" "$database"
  echo "The database of $(date -r "$backup" '+%Y-%m-%d %H:%M:%S') is back; the other one is $aside."
}

# On every way out. Nothing here may end the script early.
undo() {
  local code=$?
  trap '' HUP INT TERM PIPE
  set +e
  if [[ $state == stopped || $state == swapped ]]; then
    say "Rolling back"
    # A version that is already known to be ill is stopped before its files go away.
    if [[ $state == swapped ]]; then
      pm2 stop "$name" >/dev/null 2>&1
      if [[ -e .previous/dist ]]; then unswap; fi
    fi
    if [[ $migrated == yes && -f $backup ]]; then restore_database; fi
    code=2
    if [[ $first == yes ]]; then
      printf 'error: %s\n' "There was no version before, so the bot is stopped" >&2
    elif start_bot >/dev/null && healthy; then
      code=1
      echo "The version from before is back and healthy."
    else
      printf 'error: %s\n' "The version from before does not answer either. Look at: pm2 logs $name --lines 50" >&2
    fi
  fi
  rm -rf .release .previous deploy.tar.gz deploy-previous.tar.gz.new
  exit "$code"
}

prepare() {
  local tool
  for tool in node npm pm2 tar flock; do
    command -v "$tool" >/dev/null || fail "$tool is not installed on the server, or not in the PATH of a login shell"
  done
  cd "$folder" || fail "There is no folder $folder on the server"
  exec 9>.deploy.lock
  flock -n 9 || fail "Another deployment is running in $folder"
  trap undo EXIT
  trap 'exit 129' HUP INT TERM
  [[ -f .env ]] || fail "There is no $folder/.env on the server: copy .env.example there and fill it in"
}

# The paths are read with the staged release: on the first deployment there is no other.
locate_database() {
  database=$(setting DB_PATH .release)
  if [[ $database != /* ]]; then database=$PWD/$database; fi
  backup=$(dirname "$database")/backup-pre-deploy.db
}

release() {
  say "Unpacking and installing packages"
  stage deploy.tar.gz
  local report
  if ! report=$(NODE_ENV=production node .release/dist/scripts/env-check.js 2>&1); then
    grep -E '\? (invalid:|missing;|missing .* is set)' <<<"$report" >&2 || true
    fail "The new version would not start with this .env. Nothing was changed"
  fi
  locate_database
  local present=() part
  for part in "${PARTS[@]}"; do
    if [[ -e $part && $part != node_modules ]]; then present+=("$part"); fi
  done
  if [[ ! -d dist ]]; then first=yes; fi
  if ((${#present[@]} > 0)); then tar -czf deploy-previous.tar.gz.new "${present[@]}"; fi

  say "Stopping the bot and saving the database"
  stop_bot
  back_up
  local before
  before=$(schema)
  say "Running migrations"
  NODE_ENV=production node .release/dist/scripts/migrate.js || fail "The migration failed. The database is as it was"
  if [[ $(schema) != "$before" ]]; then migrated=yes; fi

  say "Starting the new version"
  swap
  start_bot || fail "PM2 does not start the new version"
  if ! healthy; then
    pm2 logs "$name" --lines 20 --nostream >&2 || true
    fail "The new version was not healthy within $limit s"
  fi
  state=settled
  if [[ -f deploy-previous.tar.gz.new ]]; then mv deploy-previous.tar.gz.new deploy-previous.tar.gz; fi
  say "Healthy"
}

rollback() {
  [[ -f deploy-previous.tar.gz ]] || fail "There is no deploy-previous.tar.gz in $folder: nothing to go back to"
  say "Unpacking the previous release"
  stage deploy-previous.tar.gz
  locate_database
  if [[ $with_database == yes && ! -f $backup ]]; then fail "There is no $backup to go back to"; fi
  say "Stopping the bot"
  stop_bot
  if [[ $with_database == yes ]]; then restore_database; fi
  say "Starting the previous release"
  swap
  # From here on there is nothing to go back to: what was in service is what is being left.
  state=settled
  rm -rf dist-broken
  if [[ -d .previous/dist ]]; then mv .previous/dist dist-broken; fi
  if ! start_bot || ! healthy; then
    pm2 logs "$name" --lines 20 --nostream >&2 || true
    if [[ $with_database == no ]]; then
      echo "If it refuses the database because a newer version has used it: ./rollback.sh --with-database" >&2
    fi
    fail "The previous release was not healthy within $limit s" 2
  fi
  say "Healthy"
}

main() {
  local task=$1
  folder=$2
  name=$3
  limit=$4
  with_database=${5:-no}
  prepare
  case $task in
    release) release ;;
    rollback) rollback ;;
    *) fail "unknown task $task" ;;
  esac
}

# Read to its end before it runs, and without the script itself as its input.
main "$@" </dev/null
exit
