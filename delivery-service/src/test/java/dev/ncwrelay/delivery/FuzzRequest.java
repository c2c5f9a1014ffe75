package dev.ncwrelay.delivery;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * A request for an operation, valid except for one to three random changes. It never waits: the messages are available,
 * or its timeout is zero.
 *
 * @param operation the one it was made for
 * @param isPathKept false when method or path may name another operation or none
 * @param isHttp false when it may not be HTTP at all
 */
record FuzzRequest(DescribedApi.Operation operation, String text, boolean isPathKept, boolean isHttp) {

    /** The values of valid requests. */
    record Valid(String device, String cursor, String token, String backendToken, String foreignToken) {}

    private static final List<String> METHODS = List.of(
            "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PRI", "get", "G T", "");

    private static final List<String> VERSIONS = List.of("HTTP/1.0", "HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "HTTP/x", "");

    private enum Change {
        METHOD,
        PATH,
        PARAMETER,
        QUERY,
        HEADER,
        MEMBER,
        BODY,
        FRAMING,
        TOKEN,
        VERSION
    }

    static FuzzRequest of(DescribedApi.Operation operation, Valid valid, Random random) {
        return new Builder(operation, valid, random).build();
    }

    byte[] bytes() {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static final class Builder {

        private final DescribedApi.Operation operation;
        private final Random random;
        private final Map<String, String> values = new HashMap<>();
        private final List<String> query = new ArrayList<>();
        private final List<String> headers = new ArrayList<>();
        private final Map<String, String> members = new TreeMap<>();
        private String method;
        private String path;
        private String version = "HTTP/1.1";
        private String authorization;
        private String body;
        private String framing = "";
        private boolean isPathKept = true;
        private boolean isHttp = true;

        private Builder(DescribedApi.Operation operation, Valid valid, Random random) {
            this.operation = operation;
            this.random = random;
            this.method = operation.method();
            this.path = operation.path();
            boolean isRegistration = operation.path().endsWith("/{deviceId}");
            this.authorization = "Bearer " + (isRegistration ? valid.backendToken() : valid.token());
            operation.parameters().forEach(parameter -> values.put(parameter.name(), valid(parameter, valid)));
            operation.body().forEach((name, schema) -> valid(name, valid).ifPresent(text -> members.put(name, text)));
            if (operation.path().contains("/channels/{kind}") && random.nextBoolean()) {
                values.put("kind", "fcm");
                if (method.equals("PUT")) {
                    members.putAll(Map.of("token", "\"fuzz\"", "platform", "\"ios\"", "physicalDeviceId", "\"fuzz\""));
                }
            }
            // Operations that wait for Fireblocks are not fuzzed with a valid message.
            if (operation.path().endsWith("/rpc")) {
                members.put("message", operation.isV0() ? "null" : "\"{}\"");
                headers.add("Prefer: respond-async");
                values.remove("Prefer");
            }
            this.body = "";
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                change(HostileText.pick(List.of(Change.values()), random), valid);
            }
        }

        private FuzzRequest build() {
            var target = path;
            for (var parameter : operation.parameters()) {
                var value = values.get(parameter.name());
                if (value == null) {
                    continue;
                }
                switch (parameter.in()) {
                    case "path" -> target = target.replace("{" + parameter.name() + "}", value);
                    case "query" -> query.add(parameter.name() + "=" + value);
                    default -> headers.add(parameter.name() + ": " + value);
                }
            }
            var text =
                    new StringBuilder(method + " " + target + (query.isEmpty() ? "" : "?" + String.join("&", query)));
            text.append(" ").append(version).append("\r\nHost: localhost\r\nConnection: close\r\n");
            if (!authorization.isEmpty()) {
                text.append("Authorization: ").append(authorization).append("\r\n");
            }
            headers.forEach(header -> text.append(header).append("\r\n"));
            if (!operation.body().isEmpty() || !members.isEmpty() || !body.isEmpty()) {
                text.append(payload());
            } else {
                text.append("\r\n");
            }
            return new FuzzRequest(operation, text.toString(), isPathKept, isHttp);
        }

        private String payload() {
            if (body.isEmpty()) {
                var object = new StringBuilder("{");
                members.forEach((name, value) ->
                        object.append(object.length() == 1 ? "" : ",").append("\"" + name + "\":" + value));
                body = object + "}";
            }
            var type = headers.stream().anyMatch(header -> header.startsWith("Content-Type"))
                    ? ""
                    : "Content-Type: application/json\r\n";
            return type + (framing.isEmpty() ? "Content-Length: " + body.length() + "\r\n\r\n" : framing) + body;
        }

        private void change(Change change, Valid valid) {
            switch (change) {
                case METHOD -> {
                    method = HostileText.pick(METHODS, random);
                    isPathKept = false;
                    isHttp &= method.matches("[A-Z]+") && !method.equals("CONNECT") && !method.equals("PRI");
                }
                case PATH -> {
                    path = random.nextBoolean()
                            ? path
                                    + HostileText.pick(
                                            List.of("/", "//", "/x", "/..", "/%2e%2e", ";a", "%00", ".json", "#x"),
                                            random)
                            : HostileText.pick(
                                    List.of(
                                            "",
                                            "*",
                                            "/",
                                            "//",
                                            "/error",
                                            "/actuator",
                                            "/v3/api-docs",
                                            "http://x/",
                                            "x"),
                                    random);
                    isPathKept = false;
                }
                case PARAMETER -> {
                    if (!operation.parameters().isEmpty()) {
                        var parameter = HostileText.pick(operation.parameters(), random);
                        isPathKept &= !parameter.in().equals("path");
                        values.put(
                                parameter.name(),
                                parameter.in().equals("header")
                                        ? HostileText.header(random)
                                        : HostileText.escaped(random));
                    }
                }
                case QUERY ->
                    query.add(HostileText.pick(
                            List.of(
                                    "x",
                                    "=",
                                    "&",
                                    "a[",
                                    "a[0]=1",
                                    "a[b]=1",
                                    "a.b=1",
                                    "ticket=" + HostileText.escaped(random),
                                    "access_token=x",
                                    "_method=DELETE",
                                    HostileText.escaped(random) + "=1",
                                    "a&".repeat(1_500),
                                    "a=" + "b".repeat(9_000)),
                            random));
                case HEADER -> headers.add(HostileText.headerName(random) + ": " + HostileText.header(random));
                case MEMBER -> {
                    // Only a text would wait for Fireblocks.
                    if (!members.isEmpty() && !operation.path().endsWith("/rpc")) {
                        members.put(HostileText.pick(List.copyOf(members.keySet()), random), HostileText.json(random));
                    } else if (!members.isEmpty()) {
                        members.put(
                                random.nextBoolean() ? "other" : "message",
                                HostileText.pick(List.of("{}", "null", "[]", "\"\\ud800\"", "\"unclosed"), random));
                    }
                }
                case BODY -> body = HostileText.body(random);
                case FRAMING ->
                    framing = HostileText.pick(
                            List.of(
                                    "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
                                    "Transfer-Encoding: chunked\r\n\r\n-1\r\n",
                                    "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                                    "Transfer-Encoding: chunked\r\n\r\n2;x=y\r\n{}\r\n0\r\nA: b\r\n\r\n",
                                    "Transfer-Encoding: gzip\r\n\r\n",
                                    "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n",
                                    "Content-Length: -1\r\n\r\n",
                                    "Content-Length: 1\r\n\r\n",
                                    "Content-Length: 0\r\n\r\n",
                                    "Content-Length: 2\r\nContent-Length: 3\r\n\r\n",
                                    "Content-Length: 99999999\r\n\r\n"),
                            random);
                case TOKEN ->
                    authorization = HostileText.pick(
                            List.of(
                                    "",
                                    "Bearer",
                                    "Bearer ",
                                    "Basic x",
                                    "Bearer a.b.c",
                                    "Bearer " + valid.foreignToken(),
                                    "Bearer " + valid.token() + "x",
                                    "Bearer eyJhbGciOiJub25lIn0.e30.",
                                    "Bearer " + valid.backendToken(),
                                    "Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6W119.e30.AA",
                                    "Bearer " + HostileText.header(random)),
                            random);
                case VERSION -> {
                    version = HostileText.pick(VERSIONS, random);
                    isHttp &= version.equals("HTTP/1.0");
                }
            }
        }

        private static String valid(DescribedApi.Parameter parameter, Valid valid) {
            return switch (parameter.name()) {
                case "deviceId" -> valid.device();
                case "wait", "timeout", "id" -> "0";
                case "after", "Last-Event-ID" -> valid.cursor();
                case "poll" -> "false";
                case "ticket" -> "a.b.c";
                default -> parameter.example().toString();
            };
        }

        private static Optional<String> valid(String name, Valid valid) {
            return switch (name) {
                case "wait" -> Optional.of("0");
                case "limit", "maxBytes" -> Optional.of("100");
                case "after", "ack" -> Optional.of("\"" + valid.cursor() + "\"");
                case "types" -> Optional.of("[\"transaction.created\"]");
                case "ids" -> Optional.empty();
                default -> Optional.of("\"fuzz\"");
            };
        }
    }
}
