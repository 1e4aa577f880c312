// SPDX-License-Identifier: Apache-2.0
// How the other end of a call is called when it sends no spans itself: databases, caches, queues
// and foreign services. Names are kept low in cardinality: no ports, no numeric database indexes,
// nothing of temporary queues, '*' for ids in the names of others; and an address that only means
// "this host" is not part of a name.
#pragma once

#include <string>
#include <string_view>

#include "agent/ingest/span_record.h"
#include "shared/model/topology.h"

namespace levee::ingest {

/// True when the call goes to a database or cache: it has a db.* attribute.
bool isDatabase(const PeerAttributes& peer);

/// What kind of node a database system is: Cache for redis, memcached and their kin.
NodeKind databaseKind(std::string_view system);

/// `peer.service`, else the system, with the host (`postgresql:db1.example`) or, on this host, the
/// database (`postgresql:orders`) behind it: `redis`. Never empty. REQUIRES: isDatabase(peer). The
/// answer points into `peer` or into `buffer`.
std::string_view databaseName(const PeerAttributes& peer, std::string& buffer);

/// `system:destination`, the template before the name; `system` alone when the destination is
/// temporary or anonymous; "" when the span is not about messages or names no destination.
std::string_view queueName(const PeerAttributes& peer, std::string& buffer);

/// The peer of a call that nobody answered with a span: peer.service, else the host unless it is
/// this host, else "".
std::string_view remoteName(const PeerAttributes& peer);

/// A host without port, brackets, list tail or closing dot: "[::1]:80" -> "::1", "a:1,b:2" -> "a".
std::string_view bareHost(std::string_view address);

/// True for 127.0.0.0/8, ::1, localhost, wildcard addresses and the path of a Unix socket.
bool isThisHost(std::string_view host);

}  // namespace levee::ingest
