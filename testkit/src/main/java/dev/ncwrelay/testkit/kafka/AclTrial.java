package dev.ncwrelay.testkit.kafka;

import static org.awaitility.Awaitility.await;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Shows that a service needs each of its ACLs: one is taken away, the service names it in its readiness and its log, and
 * is ready again when it has the ACL back. Threads of Kafka Streams end meanwhile, so their exceptions are no failures.
 */
public final class AclTrial {

    /** What Kafka's clients report. */
    private static final Pattern FAILURE =
            Pattern.compile("Not authorized to access (?:topics: \\[|group: )([^],\\s]+)");

    private final SecuredKafka kafka;
    private final Collection<AclBinding> acls;
    private final Supplier<String> readiness;
    private final Supplier<String> log;

    /**
     * For a service that is started without ACLs.
     *
     * @param acls that the service is to have
     * @param readiness the body of the service's readiness
     * @param log all that the service has logged
     */
    public AclTrial(SecuredKafka kafka, Collection<AclBinding> acls, Supplier<String> readiness, Supplier<String> log) {
        this.kafka = kafka;
        this.acls = List.copyOf(acls);
        if (acls.isEmpty()) {
            throw new IllegalArgumentException("no ACLs");
        }
        this.readiness = readiness;
        this.log = log;
    }

    /** Grants the ACLs to a service that is starting: first without those that matter only then. */
    public void start() {
        // What a prefix is for does not exist yet.
        var exact = acls.stream()
                .filter(acl -> acl.pattern().patternType() == PatternType.LITERAL
                        || acl.entry().operation() == AclOperation.CREATE)
                .toList();
        awaitReadiness(
                body -> exact.stream().filter(AclTrial::isForClients).allMatch(acl -> names(body, acl)), "all ACLs");
        kafka.grant(acls.stream().filter(AclTrial::isForClients).toList());
        awaitReadiness(body -> exact.stream().allMatch(acl -> isForClients(acl) != names(body, acl)), "start ACLs");
        kafka.grant(acls);
        awaitReadiness(AclTrial::isUp, "ready");
    }

    /** Takes each ACL away and gives it back. */
    public void eachAlone(Consumer<Missing> use) {
        for (var acl : acls) {
            int logged = log.get().length();
            kafka.revoke(List.of(acl));
            awaitReadiness(body -> alone(acl).matcher(body).find(), "may not " + name(acl));
            await("may not " + name(acl) + " in log")
                    .dontCatchUncaughtExceptions()
                    .until(() -> alone(acl).matcher(log.get()).find(logged));
            use.accept(new Missing(acl, () -> log.get().substring(logged)));
            kafka.grant(List.of(acl));
            awaitReadiness(AclTrial::isUp, "ready after " + name(acl) + " was given back");
        }
    }

    /**
     * An ACL that is taken away at present.
     *
     * @param log what the service has logged since then
     */
    public record Missing(AclBinding acl, Supplier<String> log) {

        public boolean isGroup() {
            return acl.pattern().resourceType() == ResourceType.GROUP;
        }

        public boolean isRead(String topic) {
            return is(AclOperation.READ, topic);
        }

        public boolean isWrite(String topic) {
            return is(AclOperation.WRITE, topic);
        }

        private boolean is(AclOperation operation, String name) {
            return acl.entry().operation() == operation && acl.pattern().name().equals(name);
        }

        /** Waits until the log has the failure of a client that needs the ACL; not for one that matters at start only. */
        public void awaitFailureOfAClient() {
            if (isForClients(acl)) {
                await("failure of a client without " + name(acl))
                        .dontCatchUncaughtExceptions()
                        .until(() -> FAILURE.matcher(log.get())
                                .results()
                                .anyMatch(found ->
                                        found.group(1).startsWith(acl.pattern().name())));
            }
        }

        @Override
        public String toString() {
            return name(acl);
        }
    }

    private void awaitReadiness(Predicate<String> expected, String description) {
        await(description + " in readiness").dontCatchUncaughtExceptions().until(() -> expected.test(readiness.get()));
    }

    private static boolean isUp(String body) {
        return (body.startsWith("{\"status\":\"UP\"") || body.endsWith("\"status\":\"UP\"}"))
                && !body.contains("may not ");
    }

    /** The others matter at start: settings of topics are compared, and missing topics are created. */
    private static boolean isForClients(AclBinding acl) {
        var operation = acl.entry().operation();
        return operation == AclOperation.READ || operation == AclOperation.WRITE;
    }

    private static boolean names(String body, AclBinding acl) {
        return Pattern.compile("(may not |, )" + pattern(acl) + "[,\"]")
                .matcher(body)
                .find();
    }

    private static Pattern alone(AclBinding acl) {
        return Pattern.compile("\"may not " + pattern(acl) + "\"");
    }

    /** A regular expression for the operation and its resource, as services name them. */
    private static String pattern(AclBinding acl) {
        boolean isPrefix = acl.pattern().patternType() == PatternType.PREFIXED;
        return Pattern.quote(name(acl)) + (isPrefix ? "[^, \"]*" : "");
    }

    private static String name(AclBinding acl) {
        var resource = acl.pattern();
        var type = resource.resourceType().name().toLowerCase(Locale.ROOT);
        return acl.entry().operation() + " " + type + " " + resource.name();
    }
}
