#!/bin/sh
# A command of the office's machine: as the service's user, with the service's settings. `phaseout --help` says which.
set -eu
if [ "$(id -un)" != "@USER@" ]; then
    [ "$(id -u)" = 0 ] || exec sudo --user=@USER@ -- "$0" "$@"
    exec runuser --user @USER@ -- "$0" "$@"
fi
while IFS= read -r line || [ -n "$line" ]; do
    case $line in
        PHASEOUT_*=*) export "${line%%=*}=${line#*=}" ;;
    esac
done <@ENVIRONMENT@
umask 077
export HOME=@HOME@ PHASEOUT_HOME=@HOME@ PHASEOUT_PROJECT=@PROJECT@
exec @PROJECT@/.venv/bin/phaseout "$@"
