package dev.ncwrelay.delivery;

import java.util.List;
import java.util.Random;

/** Unexpected values for each part of a request. None is a number of seconds to wait. */
final class HostileText {

    /** In a path or query: percent-encoded, or malformed. */
    private static final List<String> ESCAPED = List.of(
            "",
            "%",
            "%0",
            "%zz",
            "%ff",
            "%c0%80",
            "%ed%a0%80",
            "%00",
            "%0a",
            "%20",
            "%F0%9F%94%91",
            "%2f",
            "%2e%2e",
            "..",
            "%25",
            "%5c",
            "%7b%7d",
            "a;b=c",
            "-1",
            "51",
            "1e3",
            "0x10",
            "99999999999999999999",
            "-9223372036854775809",
            "1.5",
            "NaN",
            "Infinity",
            "null",
            "undefined",
            "[object Object]",
            "yes",
            "'",
            "\"",
            "<script>",
            "{}",
            "|",
            "^",
            "`",
            "~v0",
            "a".repeat(129),
            "a".repeat(3_000),
            "2026-01-02T03:04:05Z",
            "2026-02-30T25:61:61Z",
            "+1000000000-01-01T00:00:00Z",
            "\u00e9",
            "${jndi:ldap://x}",
            "1&1",
            "=",
            "a=b",
            "%E2%80%AE",
            "AAAA",
            "AQ==");

    /** In a header. */
    private static final List<String> HEADER = List.of(
            "",
            " ",
            ",",
            ";",
            ";;",
            ",,,",
            "*",
            "*/*;q=2",
            "text/html;q=x",
            "application/json;charset=\"",
            "image/png",
            "\u00ff",
            "\u00e9\u00e8",
            "a\u0001b",
            "a\u0000b",
            "\"",
            "\"unclosed",
            "x".repeat(200),
            "x".repeat(9_000),
            "99999999999999999999",
            "-1",
            "NaN",
            "bytes=0-1",
            "http://[",
            "null",
            "a=b; c",
            "%ff",
            "respond-async, wait=x",
            "respond-async; wait=99999",
            "00-0-0-0",
            "W/\"x\"",
            "Wed, 99 Foo 2026",
            "gzip",
            "chunked",
            "identity",
            "q=;=");

    private static final List<String> HEADER_NAMES = List.of(
            "Accept",
            "Accept",
            "Accept",
            "Accept-Charset",
            "Accept-Encoding",
            "Accept-Language",
            "Content-Type",
            "Content-Type",
            "Content-Encoding",
            "Content-Language",
            "Content-Location",
            "Cookie",
            "Expect",
            "Forwarded",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "X-Forwarded-Port",
            "Host",
            "If-Match",
            "If-None-Match",
            "If-Modified-Since",
            "If-Range",
            "Last-Event-ID",
            "Max-Forwards",
            "Origin",
            "Prefer",
            "Range",
            "Referer",
            "Request-Id",
            "TE",
            "Trailer",
            "traceparent",
            "tracestate",
            "Upgrade",
            "Via",
            "X-HTTP-Method-Override",
            "Access-Control-Request-Method",
            "Access-Control-Request-Headers",
            "Sec-WebSocket-Key",
            "Connection",
            "X\u0001",
            "X Y",
            "");

    /** A member of a JSON object. */
    private static final List<String> JSON = List.of(
            "null",
            "true",
            "{}",
            "[]",
            "[null]",
            "[{}]",
            "-1",
            "1e400",
            "1e-400",
            "1e999999999",
            "0.5",
            "NaN",
            "01",
            "+1",
            "9".repeat(400),
            "9".repeat(1_500),
            "-2147483649",
            "9223372036854775808",
            "\"\"",
            "\" \"",
            "\"\\ud800\"",
            "\"\\udc00a\"",
            "\"\\u0000\"",
            "\"\u00ff\"",
            "\"\u0000\"",
            "\"\\x\"",
            "\"unclosed",
            "'a'",
            "\"" + "a".repeat(129) + "\"",
            "\"" + "a".repeat(60_000) + "\"",
            "[".repeat(600),
            "[".repeat(50_000),
            "{\"a\":".repeat(600),
            "[\"a\",]",
            "\"AQ\"",
            "\"latest \"",
            "\"99999\"",
            "/**/1",
            "undefined",
            "{\"a\":{\"b\":[1]}}",
            "[\"\\ud800\"]",
            "[\"\"]");

    private static final List<String> BODIES = List.of(
            "",
            " ",
            "null",
            "1",
            "\"x\"",
            "[]",
            "[{}]",
            "{",
            "}",
            "{}{}",
            "{\"a\":1}",
            "{\"__proto__\":{}}",
            "\u00ef\u00bb\u00bf{}",
            "\u00fe\u00ff\u0000{\u0000}",
            "\u0000",
            "<a/>",
            "a=b",
            "--x\r\n\r\n--x--",
            "{\"" + "k".repeat(60_000) + "\":1}",
            "[".repeat(100_000),
            "\u001f\u008b\b\u0000",
            "{\"a\":1,\"a\":2}",
            "{\"\\ud800\":1}");

    private HostileText() {}

    static String escaped(Random random) {
        return pick(ESCAPED, random);
    }

    static String header(Random random) {
        return pick(HEADER, random);
    }

    static String headerName(Random random) {
        return pick(HEADER_NAMES, random);
    }

    static String json(Random random) {
        return pick(JSON, random);
    }

    static String body(Random random) {
        return pick(BODIES, random);
    }

    static <T> T pick(List<T> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }
}
