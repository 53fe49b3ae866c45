# The requests that are measured, and the daemon's own statements for them as
# pgbench scripts. Sourced by ../run.

# Fifteen columns, as the list shows them.
columns='"customer_name","cooperation_type","industry","regions",
"contact_person","contact_position","contact_phone","service_team",
"cooperation_start_date","service_start_date","grade","lifecycle","status",
"sales_person","owner"'
columns=$(echo "$columns" | tr -d '\n')
get='{"id":@ID@}'
list='{"columns":['$columns'],"filter":{"lifecycle":{"eq":"active"}},
"sort":[["updated_at","desc"]],"limit":50}'
list=$(echo "$list" | tr -d '\n')
update='{"id":@OWN@,"version":@VERSION@,"key":"bench-@N@",
"values":{"internal_notes":"note @N@"}}'
update=$(echo "$update" | tr -d '\n')

load() { # OPTIONS METHOD PARAMS; the numbers as key=value
	"$build/bin/bench_load" -s "$server" -i "$customers" "$@"
}

# Processor time so far, in microseconds, of PostgreSQL with its children, the
# daemon and pgbouncer. It says more than throughput on a machine that has
# something else to do.
processor() {
	postmaster=$(head -n 1 "$data/pg/postmaster.pid")
	for pid in "$postmaster" $(pgrep -P "$postmaster") ${daemon:-} \
		${bouncer:+$(cat "$bouncer/pid")}; do
		sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null || true
	done | awk -v ticks="$(getconf CLK_TCK)" '{
		s += $12 + $13 + (NR == 1 ? $14 + $15 : 0)
	} END {printf "%d", s * 1000000 / ticks}'
}

# spent COMMAND…: runs it, output to $run/out, and sets $spent to the
# processor time of it and of everything that worked for it.
spent() {
	before_=$(processor)
	("$@" >"$run/out"; times >"$run/times")
	sleep 0.5 # backends that end are counted with their parent
	spent=$(sed -n 2p "$run/times" | tr 'ms' '  ' | awk \
		-v other=$(($(processor) - before_)) \
		'{print other + ($1 * 60 + $2 + $3 * 60 + $4) * 1000000}')
}

rpc() {
	KEHU_SERVER=$server "$build/bin/kehu" rpc "$@"
}

log_size() {
	as_owner stat -c %s "$data/log/postgresql.json"
}

# capture NAME TEXT METHOD PARAMS MARKER…: runs one request and writes
# $run/NAME.sql from what the daemon then asked PostgreSQL.
capture() {
	file=$run/$1.sql text=$2 from=$(log_size)
	rpc "$3" "$4" >/dev/null
	shift 4
	sleep 0.3 # the log is written by another process
	as_owner tail -c "+$((from + 1))" "$data/log/postgresql.json" |
		grep '"user":"kehu_app"' |
		"$build/bin/bench_sql" "$text" "$@" >"$file.raw" || {
		echo "$text: the daemon did not ask for that" >&2
		exit 1
	}
	{
		echo "\\set id random(1, $customers)"
		grep -v '^-- D ' "$file.raw"
	} >"$file"
	sed -n 's/^-- D /-D\n/p' "$file.raw" >"$file.args"
}

# Statements are logged only while they are captured: a daemon of its own
# connects after the role has been told to.
statements_capture() {
	programs_daemon_stop
	sql postgres "ALTER ROLE kehu_app SET log_statement = 'all'"
	programs_daemon
	capture get 'FROM customer' customer.get "{\"id\":$marker}" "id=$marker"
	capture list 'FROM customer' customer.list "$list"
	version=$(sql "$name" "SELECT version FROM customer WHERE id = $marker")
	# A version that no other parameter has by chance.
	sql "$name" "UPDATE customer SET version = 424242 WHERE id = $marker"
	once=bench-$(date +%s)
	capture update 'UPDATE customer' customer.update \
		"{\"id\":$marker,\"version\":424242,\"key\":\"$once\",
		\"values\":{\"internal_notes\":\"$once\"}}" \
		"id=$marker" "key=$once" version=424242
	sql "$name" "UPDATE customer SET version = $version WHERE id = $marker"
	programs_daemon_stop
	sql postgres "ALTER ROLE kehu_app RESET log_statement"
	programs_daemon
	statements_update
}

# In a script of its own a row has the version it has, and a key is new.
statements_update() {
	file=$run/update.sql
	sed -i -e '1a \\\\set key random(1, 1000000000000)' \
		-e '/FOR UPDATE/s/;$/ \\gset/' "$file"
}

pgbench_run() { # SCRIPT HOST CLIENTS
	script=$1 host=$2 clients=$3
	set --
	while IFS= read -r arg; do
		set -- "$@" "$arg"
	done <"$run/$script.sql.args"
	(cd "$run" && "$pg/pgbench" -n -h "$host" -p "${port:-5432}" \
		-U kehu_app -M prepared -j 1 -c "$clients" -T "$seconds" -l \
		--log-prefix log "$@" -f "$script.sql" "$name" 2>"$run/pgbench.err") ||
		{ cat "$run/pgbench.err" >&2; exit 1; }
}

bench() { # SCRIPT HOST CLIENTS; the numbers as key=value
	rm -f "$run"/log.*
	spent pgbench_run "$@"
	cat "$run"/log.* | awk '{print $3}' | sort -n | awk -v cpu="$spent" \
		-v rps="$(awk '/^tps/ {print $3}' "$run/out")" '{t[NR] = $1} END {
		printf "rps=%.1f p50=%.3f p99=%.3f cpu=%.1f\n", rps,
			t[int(NR * .5) + 1] / 1000, t[int(NR * .99) + 1] / 1000,
			cpu / NR}'
}
