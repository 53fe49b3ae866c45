# What runs during a measurement: the build, the cluster with its data, the
# daemon, pgbouncer. Sourced by ../run.

# PostgreSQL and pgbouncer refuse to run as root.
as_owner() {
	if [ "$me" = root ]; then
		runuser -u postgres -- "$@"
	else
		"$@"
	fi
}

sql() { # as superuser, in database $1
	as_owner "$pg/psql" -h "$data" -U postgres -d "$1" -qAtX \
		-v ON_ERROR_STOP=1 -c "$2"
}

programs_build() {
	cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
		>"$build.log" 2>&1 || { cat "$build.log" >&2; exit 1; }
	ninja -C "$build" kehu kehud bench_load bench_client bench_sql \
		bench_start >"$build.log" 2>&1 || { cat "$build.log" >&2; exit 1; }
	rm -f "$build.log"
}

cluster_settings() {
	memory=$(awk '/MemTotal/ {print int($2 / 4096)}' /proc/meminfo)
	cat <<-END
		listen_addresses = ''
		unix_socket_directories = '$data'
		max_connections = 200
		shared_buffers = ${memory}MB
		maintenance_work_mem = 512MB
		max_wal_size = 8GB
		checkpoint_timeout = 30min
		log_destination = 'jsonlog'
		logging_collector = on
		log_directory = '$data/log'
		log_filename = 'postgresql'
		log_rotation_age = 0
		log_rotation_size = 0
		timezone = 'UTC'
	END
}

programs_cluster() {
	mkdir -p "$data"
	[ "$me" != root ] || chown postgres: "$data"
	chmod 700 "$data"
	if [ ! -d "$data/pg" ]; then
		as_owner "$pg/initdb" -D "$data/pg" -U postgres -A trust -E UTF8 \
			--locale=C.UTF-8 --no-instructions >/dev/null
		cluster_settings |
			as_owner tee -a "$data/pg/postgresql.conf" >/dev/null
	fi
	as_owner "$pg/pg_ctl" -D "$data/pg" status >/dev/null 2>&1 ||
		as_owner "$pg/pg_ctl" -D "$data/pg" -w -t 300 -l /dev/null start \
			>/dev/null
	for role in kehu_owner kehu_app; do
		[ "$(sql postgres "SELECT 1 FROM pg_roles WHERE
			rolname = '$role'")" ] ||
			sql postgres "CREATE ROLE $role LOGIN"
	done
	rm -rf "$run"
	mkdir -p "$run/pgbouncer"
	[ "$me" != root ] || chown postgres: "$run/pgbouncer"
	cat >"$run/config.yaml" <<-END
		listen:
		  unix: "$socket"
		database:
		  url: "host=$data dbname=$name user=kehu_app"
		  migrate_url: "host=$data dbname=$name user=kehu_owner"
		session:
		  peers: {$me: sales_director}
	END
}

kehud() {
	"$build/bin/kehud" "$@"
}

# Data made by another version of the tables or of demo is made anew.
programs_data() {
	made=$(cat "$source"/schema/migrations/*.sql \
		"$source"/server/domain/demo*.[ch] | cksum)
	[ "$(cat "$data/$name" 2>/dev/null)" = "$made" ] && return
	echo "making $customers customers" >&2
	sql postgres "DROP DATABASE IF EXISTS $name"
	sql postgres "CREATE DATABASE $name OWNER kehu_owner"
	kehud migrate --config "$run/config.yaml" >&2
	kehud demo --config "$run/config.yaml" --customers "$customers" >&2
	for user in sales sales_manager; do
		echo measured-1234 |
			kehud user passwd "$user" --password-stdin \
				--config "$run/config.yaml" >&2
	done
	sql "$name" "CREATE EXTENSION IF NOT EXISTS pg_prewarm"
	sql "$name" "VACUUM (ANALYZE, FREEZE)"
	echo "$made" >"$data/$name"
}

programs_daemon() {
	ulimit -n "$(ulimit -Hn)"
	sql "$name" "SELECT sum(pg_prewarm(c.oid)) FROM pg_class c WHERE
		relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace" \
		>/dev/null
	"$build/bin/kehud" serve --config "$run/config.yaml" \
		2>>"$run/kehud.log" >&2 8>&- &
	daemon=$!
	until [ -S "$socket" ] &&
		KEHU_SERVER=$server "$build/bin/kehu" rpc meta.ping \
			>/dev/null 2>&1; do
		kill -0 "$daemon" || { cat "$run/kehud.log" >&2; exit 1; }
		sleep 0.1
	done
}

programs_daemon_stop() {
	[ -z "${daemon:-}" ] || { kill "$daemon" && wait "$daemon"; } || true
	daemon=
}

programs_pgbouncer() {
	bouncer=
	folder=$run/pgbouncer
	command -v pgbouncer >/dev/null || PATH=$PATH:/usr/sbin
	command -v pgbouncer >/dev/null || return 0
	cat >"$run/pgbouncer.ini" <<-END
		[databases]
		$name = host=$data dbname=$name user=kehu_app
		[pgbouncer]
		listen_addr =
		unix_socket_dir = $folder
		auth_type = any
		pool_mode = session
		default_pool_size = 40
		max_client_conn = 200
		logfile = $folder/log
		pidfile = $folder/pid
		ignore_startup_parameters = extra_float_digits
	END
	as_owner pgbouncer -q -d "$run/pgbouncer.ini"
	bouncer=$folder
}

programs_down() {
	trap - EXIT INT TERM
	programs_daemon_stop
	[ -z "${bouncer:-}" ] || kill "$(cat "$bouncer/pid")" || true
	as_owner "$pg/pg_ctl" -D "$data/pg" -m fast -w stop >/dev/null || true
}
