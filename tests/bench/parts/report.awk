# Medians of the results against the goals, one line a goal.
# awk -f report.awk GOALS RESULTS

function median(name,    n, i, j, t, v) {
	n = split(values[name], v, " ")
	for (i = 2; i <= n; i++) {
		t = v[i] + 0
		for (j = i - 1; j > 0 && v[j] + 0 > t; j--)
			v[j + 1] = v[j]
		v[j + 1] = t
	}
	return n % 2 ? v[(n + 1) / 2] + 0 : (v[n / 2] + v[n / 2 + 1]) / 2
}

function verdict(x, goal,    g) {
	split(goal, g, " ")
	if (g[1] == ">=")
		return x >= g[2] ? "reached" : "MISSED"
	if (g[1] == "<=")
		return x <= g[2] ? "reached" : "MISSED"
	return ""
}

FILENAME == ARGV[1] {
	if ($0 !~ /^#/ && $0 != "")
		goals[++count] = $0
	next
}

{ values[$1] = values[$1] " " $2 }

END {
	printf "%-47s %12s %12s %8s  %-8s\n", "", "kehu", "other", "ratio", "goal"
	for (k = 1; k <= count; k++) {
		split(goals[k], g, / *\| */)
		if (!(g[2] in values)) {
			printf "%-47s not measured\n", g[1]
			continue
		}
		ours = median(g[2])
		if (g[3] in values) {
			other = median(g[3])
			x = other ? ours / other : 0
			printf "%-47s %12.3f %12.3f %8.2f  %-8s %s\n", g[1], ours,
				other, x, g[4], verdict(x, g[4])
		} else {
			printf "%-47s %12.3f %12s %8s  %-8s %s\n", g[1], ours, g[3], "",
				g[4], verdict(ours, g[4])
		}
	}
}
