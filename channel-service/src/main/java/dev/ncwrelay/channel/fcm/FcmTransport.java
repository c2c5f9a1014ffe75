package dev.ncwrelay.channel.fcm;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's HTTP client for Google's library: many requests over one HTTP/2 connection, without a further client. An answer 503
 * is an {@link UnavailableException}, because the library would repeat it by itself, up to four times and each time after
 * Retry-After. So is one that is not of FCM's form, as of a proxy: the library would fail the whole batch. An answer 401 of FCM is
 * an {@link UnauthenticatedException}: the library would repeat each message, each time with a new access token.
 */
final class FcmTransport extends HttpTransport implements AutoCloseable {

    private static final String FCM = "https://fcm.googleapis.com";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int UNAUTHENTICATED = 401;
    private static final int SERVICE_UNAVAILABLE = 503;

    /** https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode. */
    private static final String THIRD_PARTY = "\"THIRD_PARTY_AUTH_ERROR\"";

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
    private final String address;
    private final Duration timeout;

    /** @param endpoint replaces the address of FCM; null for FCM's own */
    FcmTransport(@Nullable URI endpoint) {
        this(endpoint, TIMEOUT);
    }

    /** @param timeout of a whole answer, with its body */
    FcmTransport(@Nullable URI endpoint, Duration timeout) {
        this.address = endpoint == null ? FCM : endpoint.toString();
        this.timeout = timeout;
    }

    @Override
    protected LowLevelHttpRequest buildRequest(String method, String url) {
        boolean isFcm = url.startsWith(FCM);
        return new Request(method, URI.create(isFcm ? address + url.substring(FCM.length()) : url), isFcm);
    }

    /** Ends requests that are under way. */
    @Override
    public void close() {
        client.shutdownNow();
    }

    private final class Request extends LowLevelHttpRequest {

        private final String method;
        private final HttpRequest.Builder builder;
        private final boolean isFcm;

        Request(String method, URI address, boolean isFcm) {
            this.method = method;
            this.isFcm = isFcm;
            this.builder = HttpRequest.newBuilder(address);
        }

        @Override
        public void addHeader(String name, String value) {
            // The library would ask for gzip. Answers are short, and are looked at here.
            if (!name.equalsIgnoreCase("Accept-Encoding")) {
                builder.header(name, value);
            }
        }

        @Override
        public LowLevelHttpResponse execute() throws IOException {
            if (getContentType() != null) {
                builder.header("Content-Type", getContentType());
            }
            var body = new ByteArrayOutputStream();
            if (getStreamingContent() != null) {
                getStreamingContent().writeTo(body);
            }
            try {
                var request = builder.method(method, BodyPublishers.ofByteArray(body.toByteArray()));
                var response = answer(request.build());
                refuse(response);
                return new Response(response);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }

        private void refuse(HttpResponse<byte[]> response) throws IOException {
            int status = response.statusCode();
            var retryAfter = response.headers().firstValue("Retry-After").orElse("");
            if (status == SERVICE_UNAVAILABLE) {
                throw new UnavailableException("UNAVAILABLE", retryAfter);
            }
            if (isFcm && status == UNAUTHENTICATED) {
                throw new UnauthenticatedException(
                        new String(response.body(), StandardCharsets.UTF_8).contains(THIRD_PARTY));
            }
            if (isFcm && !AnswerForm.isOfFcm(status, response.body())) {
                throw new UnavailableException("HTTP status " + status + ", with a body that is not FCM's", retryAfter);
            }
        }

        /** A request's own timeout ends with the answer's headers, and a body that does not end would never be given up. */
        private HttpResponse<byte[]> answer(HttpRequest request) throws IOException, InterruptedException {
            var answer = client.sendAsync(request, BodyHandlers.ofByteArray());
            try {
                return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                throw new HttpTimeoutException("no answer for " + timeout.toMillis() + " ms");
            } catch (ExecutionException e) {
                throw new IOException(e.getCause());
            } finally {
                // Of an answer that is complete, this does nothing.
                answer.cancel(true);
            }
        }
    }

    private static final class Response extends LowLevelHttpResponse {

        private final HttpResponse<byte[]> response;
        private final List<Map.Entry<String, String>> headers;

        Response(HttpResponse<byte[]> response) {
            this.response = response;
            this.headers = response.headers().map().entrySet().stream()
                    .flatMap(header -> header.getValue().stream().map(value -> Map.entry(header.getKey(), value)))
                    .toList();
        }

        @Override
        public InputStream getContent() {
            return new ByteArrayInputStream(response.body());
        }

        @Override
        public @Nullable String getContentEncoding() {
            return response.headers().firstValue("Content-Encoding").orElse(null);
        }

        @Override
        public long getContentLength() {
            return response.body().length;
        }

        @Override
        public @Nullable String getContentType() {
            return response.headers().firstValue("Content-Type").orElse(null);
        }

        @Override
        public String getStatusLine() {
            return "HTTP " + response.statusCode();
        }

        @Override
        public int getStatusCode() {
            return response.statusCode();
        }

        @Override
        public @Nullable String getReasonPhrase() {
            return null;
        }

        @Override
        public int getHeaderCount() {
            return headers.size();
        }

        @Override
        public String getHeaderName(int index) {
            return headers.get(index).getKey();
        }

        @Override
        public String getHeaderValue(int index) {
            return headers.get(index).getValue();
        }
    }
}
