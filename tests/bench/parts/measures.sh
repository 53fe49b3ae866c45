# What is measured. Every line of results is NAME VALUE. Sourced by ../run.

note() { # NAME key=value…
	prefix=$1
	shift
	for pair in "$@"; do
		echo "$prefix.${pair%%=*} ${pair#*=}"
	done >>"$results"
}

resident() { # KiB
	awk '/^Rss/ {print $2}' "/proc/$daemon/smaps_rollup"
}

pair() { # NAME SCRIPT CLIENTS METHOD PARAMS: daemon, pgbench, pgbouncer
	spent load -c "$3" -t "$seconds" "$4" "$5"
	# shellcheck disable=SC2046 # several words are meant
	note "$1.kehud" $(cat "$run/out") \
		"cpu=$(sed 's/n=\([0-9]*\).*/\1/' "$run/out" |
			awk -v cpu="$spent" '{print cpu / $1}')"
	# shellcheck disable=SC2046
	note "$1.pgbench" $(bench "$2" "$data" "$3")
	# shellcheck disable=SC2046
	[ -z "$bouncer" ] ||
		note "$1.pgbouncer" $(port=6432 bench "$2" "$bouncer" "$3")
}

one() { # NAME METHOD PARAMS [OPTIONS]: one client, latency
	name_=$1 method=$2 params=$3
	shift 3
	# shellcheck disable=SC2046
	note "$name_" $(load -c 1 -t 1 "$@" "$method" "$params")
}

statement() { # NAME SQL: milliseconds, third of three runs
	ms=$(printf '\\timing on\n%s;\n%s;\n%s;\n' "$2" "$2" "$2" |
		as_owner "$pg/psql" -h "$data" -U kehu_app -d "$name" -qAtX |
		awk '/^Time/ {t = $2} END {print t}')
	note "$1" "ms=$ms"
}

# A part of names, two characters, that has 1,000 to 30,000 hits.
needle_between() {
	sql "$name" "SELECT part FROM (SELECT DISTINCT
		substr(customer_name, 3 + (id % 6)::int, 2) AS part FROM customer
		TABLESAMPLE SYSTEM (1) REPEATABLE (1)) p WHERE
		part ~ '^[一-龥]{2}$' AND (SELECT count(*) FROM (SELECT 1 FROM
		customer WHERE customer_name LIKE '%' || part || '%' LIMIT 30001) c)
		BETWEEN 1000 AND 30000 LIMIT 1"
}

# Demo data has no rare names of one character, so twenty are made.
needles_make() {
	i=1
	while [ $i -le 20 ]; do
		id=$((i * (customers / 21)))
		rpc customer.update "{\"id\":$id,\"version\":$(sql "$name" "SELECT
			version FROM customer WHERE id = $id"),\"values\":{
			\"customer_name\":\"龘靐齉贸易$i有限公司\"}}" >/dev/null
		i=$((i + 1))
	done
	sql "$name" "VACUUM (ANALYZE) customer"
	needle_between >"$data/$name.needle"
}

page() { # MORE: params of a list of 50, on one line as the wire has it
	echo "{\"columns\":[$columns],\"limit\":50,$1}" | tr -d '\n\t'
}

cursor_at() { # OFFSET: the cursor there, in the default order
	rpc customer.list "$(page "\"offset\":$1")" | tr -d ' \n' |
		sed -n 's/.*"next":"\([^"]*\)".*/\1/p'
}

# Things that do not need rounds.
measures_once() {
	late=$(cursor_at $((customers - 100)))
	early=$(cursor_at 0)
	frequent=公司
	rare1=龘 rare2=龘靐 rare3=龘靐齉
	[ -s "$data/$name.needle" ] || needles_make
	between=$(cat "$data/$name.needle")
	measures_memory
	measures_client
}

measures_memory() {
	programs_daemon_stop
	programs_daemon
	note memory "idle_kib=$(resident)"
	mkfifo "$run/hold"
	load -c 10000 -w <"$run/hold" >"$run/held" &
	holder=$!
	exec 8>"$run/hold"
	before=$(resident)
	until grep -q ready "$run/held"; do
		kill -0 "$holder" || break
		sleep 0.2
	done
	note memory "client_bytes=$((($(resident) - before) * 1024 / 10000))"
	exec 8>&-
	wait "$holder" || true
	rm "$run/hold"
}

measures_client() {
	"$build/bin/bench_client" "$server" "$customers" "$rare2" >>"$results"
}

measures_round() {
	pair get32 get 32 customer.get "$get"
	pair get1 get 1 customer.get "$get"
	pair list32 list 32 customer.list "$list"
	pair list8 list 8 customer.list "$list"
	pair update8 update 8 customer.update "$update"
	one first customer.list "$(page "\"after\":\"$early\"")"
	one late customer.list "$(page "\"after\":\"$late\"")"
	one jump customer.list "$(page "\"offset\":$((customers - 60))")"
	statement jump_ids "SELECT id FROM customer WHERE deleted_at IS NULL
		ORDER BY updated_at DESC, id DESC OFFSET $((customers - 60)) LIMIT 50"
	one rare1 customer.list "$(page "\"search\":\"$rare1\"")"
	one rare2 customer.list "$(page "\"search\":\"$rare2\"")"
	one rare3 customer.list "$(page "\"search\":\"$rare3\"")"
	one between customer.list "$(page "\"search\":\"$between\"")"
	one frequent customer.list "$(page "\"search\":\"$frequent\"")"
	one count customer.count "{\"search\":\"$frequent\"}"
	statement count_sql "SELECT count(*) FROM customer WHERE
		deleted_at IS NULL AND search_text LIKE '%$frequent%'"
	one several customer.list "$(page '"filter":{"industry":{"in":["apparel",
		"3c","home"]}},"sort":[["updated_at","desc"]]')"
	KEHU_PASSWORD=measured-1234
	export KEHU_PASSWORD
	one manager customer.list "$(page '"sort":[["customer_name","asc"]]')" \
		-u sales_manager
	one salesman customer.list "$(page '"sort":[["cooperation_end_date",
		"asc"]]')" -u sales
	programs_daemon_stop
	note start "ms=$("$build/bin/bench_start" "$socket" "$build/bin/kehud" \
		serve --config "$run/config.yaml" 2>>"$run/kehud.log")"
	programs_daemon
}
