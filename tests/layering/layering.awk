# SPDX-License-Identifier: Apache-2.0
# Reads sources and prints every include that the layering forbids, as FILE:LINE: why.
# -v layers="shared/base=0 shared/model=1 ..." names each module's layer.

function moduleOf(path,    parts) {
    split(path, parts, "/")
    if (parts[1] "/" parts[2] in layer)
        return parts[1] "/" parts[2]
    return ""
}
function report(why) {
    printf "%s:%d: %s\n", FILENAME, FNR, why
    bad = 1
}
function startsWithAny(path, prefixes,    n, list, i) {
    n = split(prefixes, list, " ")
    for (i = 1; i <= n; ++i)
        if (index(path, list[i]) == 1)
            return 1
    return 0
}
BEGIN {
    n = split(layers, pairs, " ")
    for (i = 1; i <= n; ++i) {
        split(pairs[i], pair, "=")
        layer[pair[1]] = pair[2]
    }
}
FNR == 1 { own = moduleOf(FILENAME) }
/^[ \t]*#[ \t]*include[ \t]*[<"]/ {
    target = $0
    sub(/^[^<"]*[<"]/, "", target)
    sub(/[>"].*$/, "", target)
    other = moduleOf(target)
    if (own != "" && other != "" && own != other && layer[other] >= layer[own])
        report(own " (layer " layer[own] ") includes " target " of layer " layer[other])
    if (FILENAME ~ /^agent\// && target ~ /^dashboard\// || FILENAME ~ /^dashboard\// && target ~ /^agent\//)
        report("agent and dashboard never include each other: " target)
    if (target ~ /^(Q[A-Z]|qcustomplot|Qsci\/)/ && FILENAME !~ /^(dashboard|tests)\//)
        report("Qt is used under dashboard/ and tests/ only: " target)
    if (target ~ /^(boost\/|sqlite3\.h)/ && FILENAME !~ /^(agent|tests)\//)
        report("Asio and SQLite are used under agent/ only: " target)
    if (target ~ /^(grpc|google\/protobuf|levee\/v1\/)/ &&
        !startsWithAny(FILENAME, "shared/wire/ agent/api/ agent/ingest/ agent/cli/ dashboard/client/ tests/"))
        report("gRPC and our messages are known to shared/wire, agent/{api,ingest,cli} and dashboard/client only: " target)
}
END { exit bad }
