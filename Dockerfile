# The image of one part, by the build argument SERVICE: ingress-service, rpc-service, delivery-service, channel-service, ops
# (creates topics and schemas), or simulator (in place of Fireblocks, for development). ./relay images builds all of them.
# The jars are those of ./relay build: nothing is compiled or downloaded here.

# The build image unpacks jars: it needs Java 25, a shell and find. The runtime image records the AOT caches and uses them: it
# needs Java 25 and libstdc++. A release pins both: --build-arg RUNTIME_IMAGE=docker.io/library/eclipse-temurin:25-jre@sha256:<digest>
# The names have their registry, because Podman guesses none.
ARG BUILD_IMAGE=docker.io/library/eclipse-temurin:25-jre
ARG RUNTIME_IMAGE=docker.io/library/eclipse-temurin:25-jre
ARG SERVICE=delivery-service


# Jars unpacked: libraries apart from our classes, which change more often. Equal jars give equal layers, so times are fixed,
# and all but the AOT cache, which differs anyway, is copied to /app below as a folder: a file would change the time of /app.
FROM ${BUILD_IMAGE} AS unpack
RUN --mount=type=bind,target=/build set -eu; \
    for service in ingress-service rpc-service delivery-service channel-service; do \
      java -XX:TieredStopAtLevel=1 -Djarmode=tools -jar /build/$service/target/$service.jar \
        extract --layers --application-filename service.jar --destination /jar; \
      mkdir -p /out/$service/dependencies /out/$service/application; \
      cp -R /jar/snapshot-dependencies/. /jar/dependencies/; \
      mv /jar/dependencies /out/$service/dependencies/$service; \
      mv /jar/application /out/$service/application/$service; \
      rm -rf /jar; \
    done; \
    mkdir -p /out/ops/dependencies/ops /out/simulator/dependencies/simulator; \
    cp -R /build/ops/target/lib /out/ops/dependencies/ops/; \
    cp -R /build/local/target/lib /out/simulator/dependencies/simulator/; \
    for part in ops simulator; do \
      mkdir -p /out/$part/application/$part/lib; \
      for module in schemas kafka-support kafka-principal rsa testkit; do \
        find /out/$part/dependencies/$part/lib -name "$module-[0-9]*.jar" -exec mv {} /out/$part/application/$part/lib/ \; ; \
      done; \
    done; \
    cp /build/ops/target/ops.jar /out/ops/application/ops/service.jar; \
    cp /build/testkit/target/testkit.jar /out/simulator/application/simulator/service.jar; \
    for part in ingress-service rpc-service delivery-service channel-service ops simulator; do \
      mkdir -p /out/$part/application/sbom; \
      bom=/build/$part/target/classes/META-INF/sbom/application.cdx.json; \
      if [ -f "$bom" ]; then cp "$bom" /out/$part/application/sbom/$part.cdx.json; fi; \
      cp /build/http-support/target/http-support.jar /out/$part/application/health.jar; \
    done; \
    mkdir -m 0770 /out/data /out/data/mailbox; \
    find /out -exec touch --no-dereference --date=2026-01-01T00:00:00Z {} +


# Records the services' AOT caches: Kafka, a schema registry, the simulator and the services run the demo here, over the
# loopback interface: webhooks are verified, polls answered, calls signed.
FROM ${RUNTIME_IMAGE} AS train
COPY --from=unpack /out/ingress-service/dependencies/ /out/ingress-service/application/ /app/
COPY --from=unpack /out/rpc-service/dependencies/ /out/rpc-service/application/ /app/
COPY --from=unpack /out/delivery-service/dependencies/ /out/delivery-service/application/ /app/
COPY --from=unpack /out/channel-service/dependencies/ /out/channel-service/application/ /app/
WORKDIR /caches
RUN --network=none --mount=type=bind,target=/build \
    ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Drelay.root=/build", \
     "-Dlogback.configurationFile=local-logback.xml", "-cp", "/build/local/target/local.jar:/build/local/target/lib/*", \
     "dev.ncwrelay.local.cli.Relay", "train", "--services=/app", "--caches=/caches", "--work=/tmp/train"]


# What all images have.
FROM ${RUNTIME_IMAGE} AS base
ARG SERVICE
COPY --from=unpack /out/${SERVICE}/dependencies/ /app/
COPY --from=unpack /out/${SERVICE}/application/ /app/
WORKDIR /app/${SERVICE}
# A number, so that Kubernetes sees that it is not root; any other user works too if its group is 0.
USER 10001:0
# The root file system may be read-only. Native libraries are unpacked to /tmp, which therefore must not be mounted noexec.
VOLUME /tmp

# Every 10 s, because a check is a JVM, which costs a tenth of a second of one core. Waiting for Kafka or the schema
# registry is no failure in the first two minutes.
FROM base AS checked
HEALTHCHECK --interval=10s --timeout=5s --start-period=2m --retries=3 CMD ["java", "-XX:+UseSerialGC", \
    "-XX:TieredStopAtLevel=1", "-Xmx16m", "-cp", "/app/health.jar", "dev.ncwrelay.http.HealthProbe"]

# Of the memory limit, 40 % are left for what is not heap: threads, buffers, code, and the mailboxes' RocksDB.
FROM checked AS service
ARG SERVICE
COPY --from=train /caches/${SERVICE}.aot /app/service.aot
ENV SERVER_ADDRESS=0.0.0.0
ENTRYPOINT ["java", "-XX:AOTCache=/app/service.aot", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", \
    "--enable-native-access=ALL-UNNAMED", "-jar", "service.jar"]

FROM service AS ingress-service
ENV MANAGEMENT_SERVER_ADDRESS=0.0.0.0 RELAY_HEALTH_URL=http://127.0.0.1:8181/actuator/health/readiness
EXPOSE 8081 8181

FROM service AS rpc-service
ENV RELAY_HEALTH_URL=http://127.0.0.1:8082/actuator/health/readiness
EXPOSE 8082

FROM service AS delivery-service
ENV MANAGEMENT_SERVER_ADDRESS=0.0.0.0 RELAY_DELIVERY_PEER_ADDRESS=0.0.0.0 RELAY_DELIVERY_MAILBOX_STATE_DIR=/data/mailbox \
    RELAY_HEALTH_URL=http://127.0.0.1:8180/actuator/health/readiness
COPY --from=unpack --chown=10001:0 /out/data /data
VOLUME /data
EXPOSE 8080 8180 8083

FROM service AS channel-service
ENV MANAGEMENT_SERVER_ADDRESS=0.0.0.0 RELAY_HEALTH_URL=http://127.0.0.1:8184/actuator/health/readiness
EXPOSE 8084 8184

FROM base AS ops
ENTRYPOINT ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError", \
    "-Dlogback.configurationFile=ops-logback.xml", "-jar", "service.jar"]

FROM checked AS simulator
ENV SIMULATOR_ADDRESS=0.0.0.0 RELAY_HEALTH_URL=http://127.0.0.1:8090/simulator/health
EXPOSE 8090
ENTRYPOINT ["java", "-XX:+UseSerialGC", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", "-jar", "service.jar"]


FROM ${SERVICE}
ARG SERVICE
ARG RUNTIME_IMAGE
ARG VERSION=0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="ncw-relay/${SERVICE}" \
      org.opencontainers.image.description="NCW Relay: durable messages between Fireblocks' Non-Custodial Wallet and client apps" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="${RUNTIME_IMAGE}"
