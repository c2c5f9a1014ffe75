package dev.ncwrelay.testkit.fcm;

import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Interruptions;
import dev.ncwrelay.testkit.http.LocalServer;
import dev.ncwrelay.testkit.http.Received;
import dev.ncwrelay.testkit.http.Route;
import dev.ncwrelay.testkit.http.TimerDelay;
import dev.ncwrelay.testkit.keys.SigningKey;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Firebase Cloud Messaging on 127.0.0.1: {@code messages:send} of the HTTP v1 API, and the token endpoint that its credentials
 * name. It accepts data messages to one token, strictly, and keeps them; it can answer each error. Safe for use by any number of
 * threads.
 */
public final class FakeFcm implements AutoCloseable {

    /** The only project. */
    public static final String PROJECT = "ncw-relay";

    private static final String BEARER = "Bearer ";

    private final TimerDelay timer = new TimerDelay("fake-fcm-timer");
    private final Interruptions interruptions = new Interruptions();
    private final List<SentMessage> messages = new CopyOnWriteArrayList<>();
    private final Queue<Answer> next = new ConcurrentLinkedQueue<>();
    private final Map<String, Answer> byToken = new ConcurrentHashMap<>();
    private final Clock clock;
    private final ServiceAccount account;
    private final LocalServer server;
    private final TokenEndpoint tokens;
    private volatile Optional<Answer> always = Optional.empty();

    private FakeFcm(String address, int port, ServiceAccount account, Clock clock) {
        this.clock = clock;
        this.account = account;
        this.server = LocalServer.bind(address, port, interruptions, timer);
        this.tokens = new TokenEndpoint(ServiceAccount.ADDRESS, account.key(), clock);
        server.serve(
                List.of(
                        Route.of("POST", "/token", tokens::issue),
                        Route.of("POST", "/v1/projects/{project}/messages:send", this::send)),
                _ -> FcmError.answer(404, "NOT_FOUND", "The requested URL was not found on this server.", List.of()));
    }

    /** Starts one on any free port. */
    public static FakeFcm start() {
        return start("127.0.0.1", 0);
    }

    /** Starts one on this address of the machine, and on any free port if it is 0. */
    public static FakeFcm start(String address, int port) {
        return new FakeFcm(address, port, ServiceAccount.generate(), Clock.systemUTC());
    }

    /**
     * The same with the service account of this file, so that who has read it is known after a restart too. The file is made if there
     * is none, and names this fake's token endpoint.
     *
     * @throws IllegalArgumentException if the file is not one of a service account
     */
    public static FakeFcm start(String address, int port, Path credentials) {
        var fcm = new FakeFcm(address, port, ServiceAccount.keptIn(credentials), Clock.systemUTC());
        fcm.account.writeTo(credentials, fcm.tokenEndpoint());
        return fcm;
    }

    /** {@code http://127.0.0.1:port} without a slash at the end, in place of {@code https://fcm.googleapis.com}. */
    public URI url() {
        return server.url();
    }

    /** The content of a service account's file, as the Google Cloud console makes it; its token endpoint is this fake. */
    public String credentials() {
        return account.file(tokenEndpoint());
    }

    /** The same, of a key that the account does not have. */
    public String foreignCredentials() {
        return new ServiceAccount(SigningKey.generate(account.key().kid())).file(tokenEndpoint());
    }

    /** All messages of the right form, with those that were answered with an error, in the order of their arrival. */
    public List<SentMessage> messages() {
        return List.copyOf(messages);
    }

    /** The accepted messages for this token. */
    public List<SentMessage> accepted(String token) {
        return messages.stream()
                .filter(message -> message.accepted() && message.token().equals(token))
                .toList();
    }

    /** Forgets the messages. */
    public void forget() {
        messages.clear();
    }

    /** How many access tokens were issued. */
    public int issuedTokens() {
        return tokens.issued();
    }

    /** Answers the next message so, whatever its token. */
    public void answerNext(Answer answer) {
        next.add(answer);
    }

    /** Answers every message to this token so, until {@link #recover}. */
    public void answer(String token, Answer answer) {
        byToken.put(token, answer);
    }

    /** Answers every message so, until {@link #recover}. */
    public void answerAll(Answer answer) {
        always = Optional.of(answer);
    }

    /** Refuses the credentials until {@link #recover}, as after the account's key was deleted. */
    public void refuseCredentials() {
        tokens.refuse(true);
    }

    /** Accepts everything again. */
    public void recover() {
        always = Optional.empty();
        byToken.clear();
        next.clear();
        tokens.refuse(false);
    }

    /** Connections and requests to be ended before they are read. */
    public Interruptions interruptions() {
        return interruptions;
    }

    /** Stops at once. */
    @Override
    public void close() {
        timer.close();
        server.close();
    }

    private Answer send(Received request) {
        var authorization = request.header("Authorization").orElse("");
        if (!authorization.startsWith(BEARER) || !tokens.isValid(authorization.substring(BEARER.length()))) {
            return FcmError.answer(
                    401,
                    "UNAUTHENTICATED",
                    "Request had invalid authentication credentials. Expected OAuth 2 access token.",
                    List.of());
        }
        if (!request.variable("project").equals(PROJECT)) {
            return FcmError.answer(
                    403, "PERMISSION_DENIED", "Permission 'cloudmessaging.messages.create' denied", List.of());
        }
        if (request.header("Content-Type")
                .filter(type -> type.startsWith("application/json"))
                .isEmpty()) {
            return FcmError.badRequest("", "the content type application/json is expected");
        }
        try {
            var message = MessageForm.parse(request.body().toArray());
            var token = message.path("token").asString();
            var error = error(token);
            messages.add(new SentMessage(
                    token, MessageForm.data(message.path("data")), request.body(), error.isEmpty(), clock.instant()));
            return error.orElseGet(
                    () -> Answer.json(200, Map.of("name", "projects/" + PROJECT + "/messages/" + UUID.randomUUID())));
        } catch (InvalidMessageException e) {
            return FcmError.badRequest(e.field(), String.valueOf(e.getMessage()));
        }
    }

    private Optional<Answer> error(String token) {
        Supplier<Optional<Answer>> ofToken = () -> Optional.ofNullable(byToken.get(token));
        return Optional.ofNullable(next.poll()).or(() -> always).or(ofToken);
    }

    private URI tokenEndpoint() {
        return URI.create(url() + "/token");
    }
}
