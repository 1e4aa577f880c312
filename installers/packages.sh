#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The Debian packages that Levee is built, run, tested and shown with, and how they get onto the machine.
# Sourced by quickstart.sh and tests/run.sh; `installers/packages.sh list` prints them.

levee_build_packages=(
  cmake ninja-build g++ ccache pkg-config ca-certificates
  libgrpc++-dev protobuf-compiler protobuf-compiler-grpc libprotobuf-dev libprotozero-dev
  libboost1.81-dev libyaml-cpp-dev libspdlog-dev libfmt-dev nlohmann-json3-dev libcli11-dev
  libcurl4-openssl-dev libssl-dev libsqlite3-dev libzstd-dev zlib1g-dev libsnappy-dev prometheus-cpp-dev libre2-dev
  qt6-base-dev qt6-svg-dev qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools libqt6opengl6-dev
  libqcustomplot-dev libqscintilla2-qt6-dev qtkeychain-qt6-dev libqt6svg6 fonts-dejavu-core)
levee_demo_packages=(haproxy redis-server rabbitmq-server prometheus-node-exporter prometheus-redis-exporter)
levee_test_packages=(fonts-wqy-microhei libbenchmark-dev prometheus file dpkg-dev procps iproute2 curl openssl dnsmasq-base
  nginx-light wrk prometheus-nginx-exporter postgresql postgresql-client prometheus-postgres-exporter)

# Node.js 18.19 is the oldest that the OpenTelemetry SDK runs on; Debian 12 has a newer one.
levee_has_node() {
  command -v npm >/dev/null && node -e '
    const [a, b] = process.versions.node.split(".").map(Number);
    process.exit(a > 18 || (a === 18 && b >= 19) ? 0 : 1)' 2>/dev/null
}

levee_fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }
levee_say() { printf '\n== %s\n' "$*"; }

# levee_install PACKAGE...: says what is missing and installs it; does nothing when nothing is.
levee_install() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  if [ ${#missing[@]} -eq 0 ]; then
    levee_say "Every Debian package that is needed is installed already"
    return 0
  fi
  command -v apt-get >/dev/null ||
    levee_fail "this script installs Debian packages, and there is no apt-get here; it is made for Debian 12"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
      levee_fail "packages are missing and installing them takes root: run this as root, or install sudo"
    as_root=(sudo)
  fi
  levee_say "About to install ${#missing[@]} Debian packages and what they depend on${as_root:+ (through sudo)}:"
  printf '   %s\n' "${missing[*]}" | fold -s -w 110
  # Daemons are started by the demo and the tests themselves, in a scratch folder: the packages need not start
  # theirs. A policy of the machine's own stays in force.
  local policy=/usr/sbin/policy-rc.d made_policy=
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null && "${as_root[@]}" chmod 755 "$policy" && made_policy=1
  fi
  local log result=0
  log=$(mktemp)
  { "${as_root[@]}" apt-get update -q &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
  } >"$log" 2>&1 || result=$?
  [ -n "$made_policy" ] && "${as_root[@]}" rm -f "$policy"
  if [ "$result" -ne 0 ]; then
    tail -n 20 "$log" >&2
    levee_fail "apt-get could not install the packages; its last lines stand above, all of them in $log"
  fi
  rm -f "$log"
}

# levee_install_for build demo test: the sets by name, and Node.js where it is needed and missing or too old.
levee_install_for() {
  local packages=() set
  for set in "$@"; do
    case "$set" in
      build) packages+=("${levee_build_packages[@]}") ;;
      demo) packages+=("${levee_demo_packages[@]}"); levee_has_node || packages+=(nodejs npm) ;;
      test) packages+=("${levee_test_packages[@]}") ;;
    esac
  done
  levee_install "${packages[@]}"
  # RabbitMQ and Erlang look themselves up by it; a bare tree may have no /etc/hosts at all.
  getent hosts localhost >/dev/null ||
    levee_fail "the name localhost is not known here; add the line '127.0.0.1 localhost' to /etc/hosts"
  case " $* " in *" demo "*) levee_has_node || levee_fail "Node.js 18.19 or newer with npm is needed; found: $(node --version 2>&1)" ;; esac
}

# levee_node_modules FOLDER: what package-lock.json names, from the npm registry; again only when the lock changed.
levee_node_modules() {
  local folder=$1 stamp=$1/node_modules/.levee-lock
  if [ -f "$stamp" ] && cmp -s "$folder/package-lock.json" "$stamp"; then
    return 0
  fi
  levee_say "Installing the demo services' npm packages (the OpenTelemetry SDK, prom-client) into $folder/node_modules"
  local log
  log=$(mktemp)
  if ! npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    levee_fail "npm could not install the packages; its words stand above"
  fi
  rm -f "$log"
  cp "$folder/package-lock.json" "$stamp"
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  [ "${1:-}" = list ] || { echo "usage: $0 list" >&2; exit 2; }
  printf '%s\n' "${levee_build_packages[@]}" "${levee_demo_packages[@]}" "${levee_test_packages[@]}" nodejs npm
fi
