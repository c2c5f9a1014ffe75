package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no client library sends: each gets a specific problem at once, and nothing is logged. */
@Tag("kafka")
class HostileRequestsTest {

    private static final String DEMO_MESSAGE = "NCW_DEVICE_MESSAGE";

    private final RunningDelivery delivery = RunningDelivery.shared();
    private final RawHttp http = new RawHttp(delivery.port());
    private final String device = delivery.device();

    private final LogRecorder log = LogRecorder.attach();

    @AfterEach
    void logHasNeitherErrorNorStackTrace() {
        log.close();
        assertThat(log.faults()).isEmpty();
    }

    /** What Jetty rejects before the service's code runs; without a path the problem does not have the demo's form. */
    static Stream<String> malformed() {
        return Stream.of(
                "GET {v1}/messages?wait=0 HTTP/0.9~~",
                "GET {v1}/messages?wait=0 HTTP/3~{token}~",
                "GET {v1}/messages?wait=0~~",
                "garbage garbage~~",
                "GET~~",
                "GET * HTTP/1.1~Host: a~{token}~",
                "GET foo HTTP/1.1~Host: a~{token}~",
                "G(T {v1}/messages HTTP/1.1~Host: a~{token}~",
                "CONNECT {v1}/messages HTTP/1.1~Host: a~{token}~",
                "GET http://evil.example{v1}/messages?wait=0 HTTP/1.1~Host: a~{token}~",
                "GET {v1}/messages?wait=0 HTTP/1.1~{token}~",
                "GET {v1}/messages?wait=0 HTTP/1.1~Host: [~{token}~",
                "GET {v1}/messages?wait=0 HTTP/1.1~Host: a~Host: b~{token}~",
                "GET {v1}/messages?wait=0 HTTP/1.1~Host: a~X: \u0001~{token}~",
                "GET {v1}/messages?wait=0 HTTP/1.1~Host: a~X: a~ b~{token}~",
                "GET {v1}/messages?wait=0 HTTP/1.1~Host: a~X : a~{token}~",
                "GET {v1}/%ff HTTP/1.1~Host: a~{token}~",
                "GET {v1}/mess%00ages HTTP/1.1~Host: a~{token}~",
                "GET {v1}//messages HTTP/1.1~Host: a~{token}~",
                "GET {v1}/%2e%2e/x HTTP/1.1~Host: a~{token}~",
                "GET {v1}\\messages HTTP/1.1~Host: a~{token}~",
                "GET {v1}/messages?wait=0#x HTTP/1.1~Host: a~{token}~",
                "POST {v1}/acks HTTP/1.1~Host: a~{token}Content-Length: 1~Content-Length: 2~~{}",
                "POST {v1}/acks HTTP/1.1~Host: a~{token}Content-Length: -1~~",
                "POST {v1}/acks HTTP/1.1~Host: a~{token}Content-Length: 99999999999999999999~~",
                "POST {v1}/acks HTTP/1.1~Host: a~{token}Transfer-Encoding: chunked~Content-Length: 2~~{}",
                "POST {v1}/acks HTTP/1.1~Host: a~{token}Transfer-Encoding: chunked, gzip~~",
                "POST {v1}/acks HTTP/1.1~Host: a~{json}{token}Transfer-Encoding: chunked~~zz~{}~0~~",
                "POST {v1}/acks HTTP/1.1~Host: a~{json}{token}Transfer-Encoding: chunked~~2~{}xx~0~~",
                "POST {v1}/acks HTTP/1.1~Host: a~{json}{token}Transfer-Encoding: chunked~~ffffffffffffffff~{}");
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void malformedRequest_is400(String request) throws IOException {
        assertProblem(send(request), 400, "bad-request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "consumer=%ff",
                "consumer=%zz",
                "consumer=%",
                "after=%ed%a0%80",
                "after=%c0%80",
                "after=\u00e9",
                "a[b][c]=1"
            })
    void malformedQuery_is400(String query) throws IOException {
        assertProblem(send("GET {v1}/messages?wait=50&" + query + " HTTP/1.1~Host: a~{token}~"), 400, "bad-request");
        assertProblem(send("GET {v0}/messages?timeout=20&" + query + " HTTP/1.1~Host: a~{token}~"), 400, "bad-request");
        assertProblem(send("GET {v1}/stream?" + query + " HTTP/1.1~Host: a~{token}~"), 400, "bad-request");
        assertProblem(send("GET {v1}/ws?" + query + " HTTP/1.1~Host: a~{token}~"), 400, "bad-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"status[999999999]=a", "status[x]=a", "status[=a", "dir[0]=asc"})
    void listsInAQuery_bindOnlyThatParameter(String query) throws IOException {
        var answer = send("GET {v0}/transactions?" + query + " HTTP/1.1~Host: a~{token}~");

        assertThat(answer.status()).as("%s", answer).isIn(200, 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dir.x=1", "class.classLoader=1", "poll.x[0].y=1"})
    void nestedNamesInAQuery_areNotBound(String query) throws IOException {
        var answer = send("GET {v0}/transactions?" + query + " HTTP/1.1~Host: a~{token}~");

        assertThat(answer.status()).as("%s", answer).isIn(200, 400);
    }

    @Test
    void tooLargeRequestLineOrHeaders_are414Or431() throws IOException {
        var large = "x".repeat(9_000);

        assertProblem(send("GET {v1}/messages?after=" + large + " HTTP/1.1~Host: a~{token}~"), 414, "uri-too-long");
        assertProblem(send("GET {v0}/messages HTTP/1.1~Host: a~{token}X: " + large + "~~"), 431, "headers-too-large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "TRACE", "PATCH", "FOO", "get"})
    void unsupportedMethod_is405(String method) throws IOException {
        for (var path : new String[] {"{v1}/messages?wait=50", "{v0}/messages?timeout=20", "{v1}/stream"}) {
            var answer = send(method + " " + path + " HTTP/1.1~Host: a~{token}~");

            assertThat(answer.status()).as("%s", answer).isEqualTo(405);
            assertThat(answer.header("Allow")).contains("GET");
            assertThat(answer.text()).doesNotContain("Bearer");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "multipart/form-data; boundary=x",
                "multipart/form-data",
                "application/x-www-form-urlencoded",
                "application/json; charset=utf-99"
            })
    void body_ofAnotherMediaType_is415(String type) throws IOException {
        for (var path : new String[] {"{v1}/messages:poll", "{v1}/acks", "{v1}/rpc", "{v0}/rpc"}) {
            var answer =
                    send("POST " + path + " HTTP/1.1~Host: a~{token}Content-Type: " + type + "~Content-Length: 2~~{}");

            assertThat(answer.status()).as("%s", answer).isIn(400, 415);
            assertThat(answer.json().path("type").asString()).startsWith("urn:ncw-relay:problem:");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json;charset=\"", "*/*", "/", "application/json, text/plain"})
    void malformedContentType_is400(String type) throws IOException {
        assertProblem(
                send("POST {v1}/acks HTTP/1.1~Host: a~{token}Content-Type: " + type + "~Content-Length: 2~~{}"),
                400,
                "bad-request");
    }

    @Test
    void malformedAcceptLanguage_is400() throws IOException {
        assertProblem(
                send("GET {v1}/messages?wait=50 HTTP/1.1~Host: a~{token}Accept-Language: a;b=\"~~"),
                400,
                "bad-request");
    }

    @Test
    void contentCoding_is415_andAnUnknownExpectation_is417() throws IOException {
        assertProblem(
                send("POST {v1}/acks HTTP/1.1~Host: a~{json}{token}Content-Encoding: gzip~Content-Length: 2~~{}"),
                415,
                "unsupported-media-type");
        assertProblem(
                send("POST {v0}/rpc HTTP/1.1~Host: a~{json}{token}Expect: x~Content-Length: 2~~{}"),
                417,
                "expectation-failed");
    }

    @Test
    void text_withAnUnpairedSurrogate_isRejectedUnchanged() throws IOException {
        for (var body : new String[] {"{\"message\":\"\\ud800\"}", "{\"message\":\"a\\udc00b\"}"}) {
            var rest = " HTTP/1.1~Host: a~{json}{token}Content-Length: " + body.length() + "~~" + body;
            assertProblem(send("POST {v1}/rpc" + rest), 400, "bad-request");
            assertProblem(send("POST {v0}/rpc" + rest), 400, "bad-request");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sec-WebSocket-Version: 12~Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==~|426|upgrade-required",
                "Sec-WebSocket-Version: 13~|400|bad-request",
                "Sec-WebSocket-Version: 13~Sec-WebSocket-Key: x~|400|bad-request",
                "Sec-WebSocket-Version: 13~Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==~Sec-WebSocket-Extensions: ;;~|400|bad-request",
                "Sec-WebSocket-Version: 13~Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==~Origin: http://evil~|403|foreign-origin"
            })
    void malformedHandshake_isAProblem(String row) throws IOException {
        var parts = row.split("\\|", -1);

        assertProblem(
                send("GET {v1}/ws HTTP/1.1~Host: a~{token}Upgrade: websocket~Connection: Upgrade~"
                        + "Sec-WebSocket-Protocol: ncw.relay.v1+json~" + parts[0] + "~"),
                Integer.parseInt(parts[1]),
                parts[2]);
    }

    @Test
    void errorPage_is404ForClients() throws IOException {
        assertProblem(send("GET /error HTTP/1.1~Host: a~{token}~"), 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", ";;", "text/html;q=abc", "application/xml", ""})
    void accept_isIgnored_andLosesNoMessage(String accepted) throws IOException {
        var other = delivery.device();
        delivery.publish(other, "one", DEMO_MESSAGE, null, "{}");

        var head = send("HEAD /api/devices/" + other + "/messages?timeout=5 HTTP/1.1~Host: a~{token}~");
        var answer = send("GET /api/devices/" + other + "/messages?timeout=20 HTTP/1.1~Host: a~{token}Accept: "
                + accepted + "~~");

        assertThat(head.status()).isEqualTo(405);
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.json().size()).as("%s", answer).isEqualTo(1);
        assertProblem(
                send("GET {v1}/messages?wait=x HTTP/1.1~Host: a~{token}Accept: " + accepted + "~~"),
                400,
                "bad-request");
        assertProblem(
                send("GET {v1}/messages?after=x HTTP/1.1~Host: a~{token}Accept: " + accepted + "~~"),
                410,
                "position-gone");
        assertProblem(send("GET {v0}/messages HTTP/1.1~Host: a~Accept: " + accepted + "~~"), 401, "unauthorized");
    }

    private RawHttp.Answer send(String request) throws IOException {
        return http.send(request.replace("~", "\r\n")
                .replace("{v1}", "/v1/devices/" + device)
                .replace("{v0}", "/api/devices/" + device)
                .replace("{json}", "Content-Type: application/json\r\n")
                .replace("{token}", "Authorization: Bearer " + delivery.token(RunningDelivery.USER) + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void assertProblem(RawHttp.Answer answer, int status, String type) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(status);
        assertThat(answer.header("Content-Type")).as("%s", answer).contains("json");
        assertThat(answer.header("Cache-Control")).as("%s", answer).contains("no-store");
        assertThat(answer.json().path("type").asString()).isEqualTo("urn:ncw-relay:problem:" + type);
        assertThat(answer.json().path("status").asInt()).isEqualTo(status);
        assertThat(answer.json().path("detail").asString()).isNotBlank();
        assertThat(answer.text()).doesNotContain("/v1/", "/api/");
    }
}
