# Starts PostgreSQL and Redis in a temporary folder, says "ready <folder>", and stops both and removes the folder
# when its standard input ends. The other end of that pipe is held by xtask alone, so that it ends with xtask,
# however xtask ended. Arguments: PostgreSQL's programs, its port, Redis, its port, the user to run PostgreSQL as ("" = me).
set -u
trap '' HUP INT PIPE TERM
bin=$1 pg_port=$2 redis=$3 redis_port=$4 user=$5
folder=$(mktemp -d "${TMPDIR:-/tmp}/convo-services.XXXXXX") || exit 1
chmod 711 "$folder"
mkdir "$folder/pg" "$folder/redis"
pg_pid='' redis_pid=''

end() {
    [ -n "$pg_pid" ] && kill -QUIT "$pg_pid" 2>/dev/null
    [ -n "$redis_pid" ] && kill -KILL "$redis_pid" 2>/dev/null
    wait
    rm -rf "$folder"
    exit "$1"
}

fail() {
    echo "failed $1"
    tail -n 20 "$folder"/*.log >&2
    end 1
}

# A dead keeper takes the servers with it as well, through the signal that the system sends to orphans.
as_user="setpriv --pdeathsig QUIT --"
if [ -n "$user" ]; then
    chown "$user" "$folder/pg" || end 1
    as_user="setpriv --reuid=$user --regid=$(id -g "$user") --clear-groups --pdeathsig QUIT --"
fi

cd "$folder/pg" || end 1
$as_user "$bin/initdb" --pgdata="$folder/pg/data" --username=postgres --auth=trust --locale=C --encoding=UTF8 --no-sync \
    >"$folder/initdb.log" 2>&1 || fail "initdb"

# Nothing here weakens durability: tests read fsync and synchronous_commit from live connections.
$as_user "$bin/postgres" -D "$folder/pg/data" -c listen_addresses=127.0.0.1 -c port="$pg_port" \
    -c unix_socket_directories="$folder/pg" -c fsync=on -c synchronous_commit=on -c full_page_writes=on \
    -c shared_buffers=128MB -c max_connections=200 </dev/null >"$folder/postgres.log" 2>&1 &
pg_pid=$!
setpriv --pdeathsig KILL -- "$redis" --port "$redis_port" --bind 127.0.0.1 --dir "$folder/redis" --save '' --appendonly no \
    --daemonize no </dev/null >"$folder/redis.log" 2>&1 &
redis_pid=$!

tries=0
until grep -qs '^ready' "$folder/pg/data/postmaster.pid" && grep -qs 'Ready to accept' "$folder/redis.log"; do
    kill -0 "$pg_pid" 2>/dev/null || fail "postgres"
    kill -0 "$redis_pid" 2>/dev/null || fail "redis"
    tries=$((tries + 1))
    [ "$tries" -gt 600 ] && fail "wait"
    sleep 0.1
done

echo "ready $folder"
cat >/dev/null
end 0
