# Debian 12's packages in the images that replace public ones: deploy/verify/engine downloads them, stand-ins/build unpacks them.
# shellcheck shell=bash disable=SC2034

# What eclipse-temurin has besides Java: C and C++ libraries (of RocksDB, for example), and a shell with the tools that
# Dockerfile needs.
BASE_PACKAGES="base-files bash coreutils findutils libacl1 libattr1 libc6 libgcc-s1 libgmp10 libpcre2-8-0 libselinux1
  libssl3 libstdc++6 libtinfo6 netbase tzdata zlib1g"
# HAProxy and its libraries.
PROXY_PACKAGES="haproxy libcap2 libcrypt1 libgcrypt20 libgpg-error0 liblua5.3-0 liblz4-1 liblzma5 libopentracing-c-wrapper0
  libopentracing1 libsystemd0 libzstd1"
METRICS_PACKAGES="prometheus"
# RabbitMQ, Erlang, their libraries, and what their scripts call.
QUEUE_PACKAGES="rabbitmq-server erlang-asn1 erlang-base erlang-crypto erlang-eldap erlang-ftp erlang-inets erlang-mnesia
  erlang-os-mon erlang-parsetools erlang-public-key erlang-runtime-tools erlang-snmp erlang-ssl erlang-syntax-tools
  erlang-tftp erlang-tools erlang-xmerl grep libcap2 libgcrypt20 libgpg-error0 liblz4-1 liblzma5 libsystemd0 libzstd1 sed"
IMAGE_PACKAGES="$BASE_PACKAGES $PROXY_PACKAGES $METRICS_PACKAGES $QUEUE_PACKAGES"
