# shellcheck shell=bash
# Where deploy.sh and rollback.sh work, and how they reach it.

host=${DEPLOY_HOST:-pawtech}
path=${DEPLOY_PATH:-/home/ubuntu/pawtropolis-tech}
name=${DEPLOY_NAME:-pawtropolis}
limit=${DEPLOY_HEALTH_LIMIT:-60}

usage() {
  echo "$1" >&2
  echo "Usage: $0 [--host HOST] [--path FOLDER] [--name PROCESS] [--health-limit SECONDS]" >&2
  exit 64
}

# These become words of a command on another machine: nothing a shell would read as more than a word gets there.
read_target() {
  while (($# > 0)); do
    (($# > 1)) || usage "$1 wants a value, or is not known"
    case $1 in
      --host) host=$2 ;;
      --path) path=$2 ;;
      --name) name=$2 ;;
      --health-limit) limit=$2 ;;
      *) usage "$1 is not known" ;;
    esac
    shift 2
  done
  path=${path%/}
  [[ $host =~ ^[A-Za-z0-9_][A-Za-z0-9_.@-]*$ ]] || usage "--host wants a name such as pawtech or ubuntu@example.org"
  [[ $path =~ ^(/[A-Za-z0-9_.-]+)+$ ]] || usage "--path wants an absolute folder of letters, digits and . _ -"
  [[ $name =~ ^[A-Za-z0-9_][A-Za-z0-9_.-]*$ ]] || usage "--name wants the name of the process under PM2"
  [[ $limit =~ ^[1-9][0-9]{0,3}$ ]] || usage "--health-limit wants a number of seconds"
}

on_server() {
  local task=$1
  shift
  # shellcheck disable=SC2029 # expanded here on purpose; read_target has checked every word
  ssh "$host" "bash -l -s -- $task $path $name $limit $*" <scripts/on-server.sh
}
