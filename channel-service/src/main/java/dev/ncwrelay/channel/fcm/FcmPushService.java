package dev.ncwrelay.channel.fcm;

import com.google.api.client.json.gson.GsonFactory;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.firebase.FirebaseApp;
import com.google.firebase.FirebaseOptions;
import com.google.firebase.ThreadManager;
import com.google.firebase.messaging.FirebaseMessaging;
import com.google.firebase.messaging.FirebaseMessagingException;
import com.google.firebase.messaging.SendResponse;
import dev.ncwrelay.channel.wake.PushOutcome;
import dev.ncwrelay.channel.wake.PushService;
import dev.ncwrelay.channel.wake.WakeUp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.stream.IntStream;

/** Sends by Google's library, whose threads end with it. */
final class FcmPushService implements PushService, AutoCloseable {

    static final String KIND = "fcm";

    /** As many as an HTTP/2 connection usually carries at once. */
    private static final int MAX_REQUESTS = 100;

    private final FcmTransport transport;
    private final GoogleCredentials credentials;
    private final FcmMessage messages;
    private final FirebaseApp app;

    FcmPushService(FcmTransport transport, GoogleCredentials credentials, String projectId, FcmMessage messages) {
        this.transport = transport;
        this.credentials = credentials;
        this.messages = messages;
        var options = FirebaseOptions.builder()
                .setCredentials(credentials)
                .setProjectId(projectId)
                .setHttpTransport(transport)
                .setJsonFactory(GsonFactory.getDefaultInstance())
                .setThreadManager(new VirtualThreads())
                .build();
        // Apps are the library's global state: another instance in this process has another.
        this.app = FirebaseApp.initializeApp(options, "ncw-relay-" + UUID.randomUUID());
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public List<PushOutcome> send(List<WakeUp> wakeUps) {
        var outcomes = new ArrayList<>(attempt(wakeUps, false));
        var refused = IntStream.range(0, outcomes.size())
                .filter(i -> outcomes.get(i).equals(FcmOutcome.ACCESS_REFUSED))
                .boxed()
                .toList();
        if (!refused.isEmpty()) {
            // The access token was withdrawn before it expired.
            var repeated =
                    attempt(refused.stream().map(wakeUps::get).toList(), true).iterator();
            refused.forEach(i -> outcomes.set(i, repeated.next()));
        }
        return FcmOutcome.ofBatch(outcomes);
    }

    private List<PushOutcome> attempt(List<WakeUp> wakeUps, boolean withNewToken) {
        try {
            // Otherwise each message would find out by itself.
            if (withNewToken) {
                credentials.refresh();
            } else {
                credentials.refreshIfExpired();
            }
        } catch (IOException | RuntimeException e) {
            // Google's library answers what is no JSON with a RuntimeException.
            return Collections.nCopies(wakeUps.size(), FcmOutcome.withoutAccess(e));
        }
        try {
            return FirebaseMessaging.getInstance(app)
                    .sendEach(wakeUps.stream().map(messages::of).toList())
                    .getResponses()
                    .stream()
                    .map(FcmPushService::outcome)
                    .toList();
        } catch (FirebaseMessagingException e) {
            return Collections.nCopies(wakeUps.size(), FcmOutcome.of(e));
        } catch (RuntimeException e) {
            return Collections.nCopies(wakeUps.size(), FcmOutcome.unexpected(e));
        }
    }

    @Override
    public Optional<String> check() {
        try {
            credentials.refreshIfExpired();
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.of(FcmOutcome.withoutAccess(e).reason());
        }
    }

    @Override
    public void close() {
        transport.close();
        app.delete();
    }

    private static PushOutcome outcome(SendResponse response) {
        return response.isSuccessful() ? new PushOutcome.Accepted() : FcmOutcome.of(response.getException());
    }

    /** A request waits without a platform thread; by default the library has a hundred. */
    private static final class VirtualThreads extends ThreadManager {

        @Override
        protected ExecutorService getExecutor(FirebaseApp app) {
            return Executors.newFixedThreadPool(MAX_REQUESTS, getThreadFactory());
        }

        @Override
        protected void releaseExecutor(FirebaseApp app, ExecutorService executor) {
            executor.shutdownNow();
        }

        @Override
        protected ThreadFactory getThreadFactory() {
            return Thread.ofVirtual().name("fcm-", 0).factory();
        }
    }
}
